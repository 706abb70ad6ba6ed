import { describe, expect, test } from 'bun:test';
import { encodeResponse } from '../../../../src/translate/anthropic-messages/encode-response.ts';
import { encodeStream } from '../../../../src/translate/anthropic-messages/encode-stream.ts';
import { collect } from '../../../../src/translate/canonical/collect.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';
import { contextOf } from './answer-context.ts';

describe('ST9: the input of a custom tool', () => {
  const events: readonly CanonicalEvent[] = [
    { type: 'message-start' },
    { type: 'tool-call-start', callId: 't', kind: 'custom', name: 'f' },
    { type: 'tool-call-delta', text: 'say "' },
    { type: 'tool-call-delta', text: 'é"\n' },
    { type: 'tool-call-end' },
    { type: 'message-end', finish: { reason: 'tool-calls' } },
  ];

  test('is the one argument of the call', () => {
    expect(encodeResponse(collect(events), contextOf()).content).toEqual([
      { type: 'tool_use', id: 't', name: 'f', input: { input: 'say "é"\n' } },
    ]);
  });

  test('in a stream too', () => {
    const pieces = runAll(encodeStream(contextOf()), events).map(
      ({ data }) => (JSON.parse(data) as { delta?: { partial_json?: string } }).delta?.partial_json ?? '',
    );
    expect(JSON.parse(pieces.join(''))).toEqual({ input: 'say "é"\n' });
  });
});
