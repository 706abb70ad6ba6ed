import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { collect } from '../../src/translate/canonical/collect.ts';
import { replay } from '../../src/translate/canonical/replay.ts';
import { emptyRequest } from '../../src/translate/canonical/request.ts';
import { openaiResponses } from '../../src/translate/openai-responses/index.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';
import { anyResponse } from '../support/arbitraries.ts';

const client = openaiResponses.client!;
const upstream = openaiResponses.upstream!;
const anyContext = fc.constantFrom('codex', 'other').map((name) => ({
  request: emptyRequest('m', true),
  exchangeId: 'x',
  createdAt: 1_700_000_000_000,
  client: name,
}));

test('a whole Responses answer is the final object of its stream', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, (response, context) => {
      const frames = runAll(client.encodeStream(context), replay(response));
      const { response: final } = JSON.parse(frames.at(-1)!.data);
      expect(client.encodeResponse(response, context)).toEqual(final);
    }),
  );
});

test('a Responses stream tells the same when it is read again as its final object does', () => {
  fc.assert(
    fc.property(anyResponse, (response) => {
      const context = { request: emptyRequest('m', true), exchangeId: 'x', createdAt: 0 };
      const frames = runAll(client.encodeStream(context), replay(response));
      const read = collect(runAll(upstream.decodeStream(context), frames));
      expect(read).toEqual(upstream.decodeResponse(client.encodeResponse(response, context), context));
    }),
  );
});

test('sequence numbers of a Responses stream have no gap', () => {
  fc.assert(
    fc.property(anyResponse, anyContext, (response, context) => {
      const frames = runAll(client.encodeStream(context), replay(response));
      const numbers = frames.map((frame) => JSON.parse(frame.data).sequence_number);
      expect(numbers).toEqual(numbers.map((_, at) => at));
    }),
  );
});
