import { expect, test } from 'bun:test';
import { heartbeatText } from '../../../src/relay/heartbeat.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';
import { parseSse } from '../../../src/translate/stream/sse.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';

const beatOf = (dialect: DialectId) => heartbeatText(DIALECTS[dialect].client!);

test.each<[DialectId, string]>([
  ['openai-chat', ': keep-alive\n\n'],
  ['openai-completions', ': keep-alive\n\n'],
  ['openai-responses', ': keep-alive\n\n'],
  ['anthropic-messages', 'event: ping\ndata: {"type":"ping"}\n\n'],
  ['gemini', ''],
])('S38: what keeps a stream of %s open is %j', (dialect, text) => {
  expect(beatOf(dialect)).toBe(text);
});

test('comments are no frames, so that no client sees them', () => {
  expect(runAll(parseSse, [new TextEncoder().encode(beatOf('openai-chat'))])).toEqual([]);
});
