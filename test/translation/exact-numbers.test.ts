import { describe, expect, test } from 'bun:test';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { writeSeal } from '../../src/translate/seal.ts';
import { translateText } from '../../src/translate/translate-text.ts';
import { aCall, answers, bodyOf, carry, claudeAccount } from '../support/relay-set-up.ts';

// bodies are text here: the digits would not survive in a JavaScript number
const ID = '1234567890123456789';
const ARGS = `{"user":${ID},"at":[-${ID}],"count":1,"far":123456789012345678901234567890e-4}`;
const QUOTED = JSON.stringify(ARGS);
const SCHEMA = `{"type":"object","properties":{"user":{"type":"integer","maximum":${ID}}},"required":["user"]}`;
const PAIRS: readonly DialectId[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'];

const REQUESTS: { readonly [dialect: string]: string } = {
  'openai-chat': `{"model":"m","messages":[{"role":"user","content":"go"},{"role":"assistant","content":null,"tool_calls":[
    {"id":"c1","type":"function","function":{"name":"f","arguments":${QUOTED}}}]},
    {"role":"tool","tool_call_id":"c1","content":"{\\"found\\":${ID}}"}],
    "tools":[{"type":"function","function":{"name":"f","parameters":${SCHEMA}}}]}`,
  'openai-responses': `{"model":"m","input":[{"role":"user","content":"go"},
    {"type":"function_call","call_id":"c1","name":"f","arguments":${QUOTED}},
    {"type":"function_call_output","call_id":"c1","output":"{\\"found\\":${ID}}"}],
    "tools":[{"type":"function","name":"f","parameters":${SCHEMA}}]}`,
  'anthropic-messages': `{"model":"m","max_tokens":99,"messages":[{"role":"user","content":"go"},
    {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":${ARGS}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"{\\"found\\":${ID}}"}]}],
    "tools":[{"name":"f","input_schema":${SCHEMA}}]}`,
  gemini: `{"contents":[{"role":"user","parts":[{"text":"go"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":${ARGS}}}]},
    {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"found":${ID}}}}]}],
    "tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":${SCHEMA}}]}]}`,
};

const ANSWERS: { readonly [dialect: string]: string } = {
  'openai-chat': `{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"tool_calls",
    "message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":${QUOTED}}}]}}]}`,
  'openai-responses': `{"id":"x","object":"response","created_at":1,"status":"completed","model":"m","output":[
    {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":${QUOTED},"status":"completed"}]}`,
  'anthropic-messages': `{"id":"x","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","stop_sequence":null,
    "content":[{"type":"tool_use","id":"c1","name":"f","input":${ARGS}}],"usage":{"input_tokens":1,"output_tokens":1}}`,
  gemini: `{"responseId":"x","modelVersion":"m","candidates":[{"index":0,"finishReason":"STOP",
    "content":{"role":"model","parts":[{"functionCall":{"name":"f","args":${ARGS}}}]}}]}`,
};

const pairs = PAIRS.flatMap((from) => PAIRS.filter((to) => to !== from).map((to) => [from, to] as const));
const plainly = (text: string) => text.replaceAll('\\"', '"');

describe('numbers that no double holds', () => {
  test.each(pairs)('keep their digits in requests from %s to %s', (from, to) => {
    const { output } = translateText({ kind: 'request', from, to, body: REQUESTS[from]!, model: 'm' }, 0);
    const plain = plainly(output);
    expect(plain).toContain(`"user":${ID},"at":[-${ID}],"count":1,"far":123456789012345678901234567890e-4`);
    expect(plain).toContain(`"found":${ID}`);
    expect(plain).toContain(`"maximum":${ID}`);
    expect(output).not.toContain('rawJSON');
  });

  test.each(pairs)('keep their digits in whole answers from %s to %s', (from, to) => {
    const { output } = translateText({ kind: 'response', from, to, body: ANSWERS[from]!, model: 'm' }, 0);
    expect(plainly(output)).toContain(ARGS);
    expect(output).not.toContain('rawJSON');
  });

  test.each(PAIRS.slice(0, 3))('keep their digits in the whole arguments of a stream from gemini to %s', (to) => {
    const body = `data: ${ANSWERS.gemini!.replaceAll('\n', '')}\n\n`;
    const { output } = translateText({ kind: 'stream', from: 'gemini', to, body, model: 'm' }, 0);
    expect(output.replaceAll('\\', '')).toContain(`"user":${ID}`);
  });

  test('keep their digits in bodies that pass and are written anew', async () => {
    const text = REQUESTS['anthropic-messages']!.replace('"model":"m"', '"model":"claude-sonnet-4-5"');
    const envelope = `{"type":"thinking","thinking":"t","signature":"${writeSeal({ dialect: 'gemini', value: 's' }, 'anthropic-messages')}"}`;
    const body = text.replace('{"type":"tool_use"', `${envelope},{"type":"tool_use"`);
    const { sent } = await carry(aCall('anthropic-messages', body), [answers(ANSWERS['anthropic-messages']!)], {
      accounts: [claudeAccount('c')],
    });
    expect(bodyOf(sent[0])).not.toContain('VFJJVjAx');
    expect(bodyOf(sent[0])).toContain(ARGS);
  });

  test('count as numbers where a number is wanted', () => {
    const body = `{"model":"m","seed":${ID},"max_tokens":${ID},"messages":[{"role":"user","content":"go"}]}`;
    const { output } = translateText({ kind: 'request', from: 'openai-chat', to: 'gemini', body }, 0);
    const { generationConfig } = JSON.parse(output) as { generationConfig: { seed: number; maxOutputTokens: number } };
    expect(generationConfig.maxOutputTokens).toBeGreaterThan(0);
    expect(output).not.toContain('rawJSON');
  });

  test('may be the allowed values of an argument', () => {
    const schema = `{"type":"object","properties":{"user":{"enum":[${ID},1]},"one":{"const":${ID}}}}`;
    const body = `{"model":"m","messages":[{"role":"user","content":"go"}],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`;
    for (const to of PAIRS.slice(1)) {
      const { output } = translateText({ kind: 'request', from: 'openai-chat', to, body }, 0);
      expect(output.split(ID).length).toBe(3);
      expect(output).not.toContain('rawJSON');
    }
  });
});
