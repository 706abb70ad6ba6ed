import { expect, test } from 'bun:test';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { blameDepth } from '../../../src/translate/too-deep.ts';
import { translateText } from '../../../src/translate/translate-text.ts';

const LEVELS = 50_000;
const DEEP = `{"a":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}}`;
const ANSWERS = {
  'openai-chat': `{"id":"x","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","tool_calls":[
    {"id":"c1","type":"function","function":{"name":"f","arguments":${JSON.stringify(DEEP)}}}]}}]}`,
  'anthropic-messages': `{"id":"x","type":"message","role":"assistant","model":"m","stop_reason":"tool_use",
    "content":[{"type":"tool_use","id":"c1","name":"f","input":${DEEP}}],"usage":{"input_tokens":1,"output_tokens":1}}`,
  gemini: `{"candidates":[{"index":0,"finishReason":"STOP","content":{"role":"model","parts":[{"functionCall":{"name":"f","args":${DEEP}}}]}}]}`,
} as const;

test.each<[keyof typeof ANSWERS, DialectId]>([
  ['openai-chat', 'anthropic-messages'],
  ['anthropic-messages', 'openai-chat'],
])('a whole answer of %s that nests too deep is the fault of the upstream, for %s', (from, to) => {
  const work = () => translateText({ kind: 'response', from, to, body: ANSWERS[from] }, 0);
  expect(work).toThrow('nests deeper');
});

test.each(['anthropic-messages'] as const)('a stream ends with an error where a frame nests too deep, for %s', (to) => {
  const body = `data: {"candidates":[{"content":{"parts":[{"text":"hi"}]}}]}\n\ndata: ${ANSWERS.gemini}\n\n`;
  const { output } = translateText({ kind: 'stream', from: 'gemini', to, body }, 0);
  expect(output).toContain('hi');
  expect(output).toContain('nests deeper');
  expect(output).not.toContain('"tool_calls"');
});

test('what else is thrown is nobody else’s fault', () => {
  const thrown = new TypeError('x');
  expect(blameDepth(thrown)).toBe(thrown);
});
