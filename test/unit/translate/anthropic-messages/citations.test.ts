import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import {
  carriesCitation,
  readCitation,
  writeCitations,
} from '../../../../src/translate/anthropic-messages/citations.ts';
import { decodeRequest } from '../../../../src/translate/anthropic-messages/decode-request.ts';
import { decodeStream } from '../../../../src/translate/anthropic-messages/decode-stream.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';
import { contextOf } from './answer-context.ts';

type Data = JsonObject;
const start = (block: JsonObject): Data => ({ type: 'content_block_start', index: 0, content_block: block });
const delta = (value: JsonObject): Data => ({ type: 'content_block_delta', index: 0, delta: value });
const stop = (): Data => ({ type: 'content_block_stop', index: 0 });
const block = (...datas: Data[]) =>
  runAll(
    decodeStream(contextOf()),
    datas.map((data) => ({ data: JSON.stringify(data) })),
  );
const partsOf = (role: string, ...content: readonly JsonObject[]) =>
  decodeRequest({ model: 'm', max_tokens: 1, messages: [{ role, content }] }, { model: 'm', stream: false })
    .messages[0]!.parts;
const userParts = (...content: readonly JsonObject[]) => partsOf('user', ...content);
const assistantParts = (...content: readonly JsonObject[]) => partsOf('assistant', ...content);

test('S42: sources are of their whole block, and told at its end', () => {
  const raw = { type: 'web_search_result_location', url: 'https://a.test', title: 'A', encrypted_index: 'x' };
  const cite = delta({ type: 'citations_delta', citation: raw });
  const events = block(start({ type: 'text', text: '' }), cite, cite, delta({ type: 'text_delta', text: 'a' }), stop());
  const own = { dialect: 'anthropic-messages' as const, raw };
  const citation = { start: 0, end: 1, url: 'https://a.test', title: 'A', own };
  expect(events).toEqual([
    { type: 'text-start' },
    { type: 'text-delta', text: 'a' },
    { type: 'citation', citation },
    { type: 'citation', citation },
    { type: 'text-end' },
  ]);
});

test('S42: keep the sources of what was said, but none of what a user says', () => {
  const raw = { type: 'web_search_result_location', url: 'https://a.test', encrypted_index: 'x' };
  const text = { type: 'text', text: 'ab', citations: [raw] };
  const own = { dialect: 'anthropic-messages' as const, raw };
  expect(assistantParts(text)).toEqual([
    { type: 'text', text: 'ab', citations: [{ start: 0, end: 2, url: 'https://a.test', own }] },
  ]);
  expect(userParts(text)).toEqual([{ type: 'text', text: 'ab' }]);
});

test('only what the vendor named itself goes back to its clients', () => {
  const own = readCitation({ type: 'web_search_result_location', url: 'https://a.test', encrypted_index: 'x' }, 2);
  const foreign = { start: 0, end: 2, url: 'https://b.test' };
  expect([own, foreign].map(carriesCitation)).toEqual([true, false]);
  expect(writeCitations([own, foreign])).toEqual({ citations: [own.own!.raw] });
  expect(writeCitations([foreign])).toEqual({});
});

test('a place that is no address of the web is none', () => {
  expect(readCitation({ type: 'search_result_location', source: 'file-7', title: 'T' }, 1).url).toBeUndefined();
  expect(readCitation({ type: 'search_result_location', source: 'https://a.test' }, 1).url).toBe('https://a.test');
});
