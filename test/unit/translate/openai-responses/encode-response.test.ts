import { describe, expect, test } from 'bun:test';
import { replay } from '../../../../src/translate/canonical/replay.ts';
import type { AssistantPart } from '../../../../src/translate/canonical/request.ts';
import type { CanonicalResponse, Finish } from '../../../../src/translate/canonical/response.ts';
import { encodeResponse } from '../../../../src/translate/openai-responses/encode-response.ts';
import { contextOf, encodeAll, type Wire } from './samples.ts';

const answer = (parts: AssistantPart[], finish: Finish = { reason: 'stop' }): CanonicalResponse => ({
  parts,
  finish,
  losses: [],
  usage: { input: 3, output: 4 },
});
const seal = { dialect: 'gemini', value: 's' } as const;
const call: AssistantPart = { type: 'tool-call', callId: 'c', kind: 'function', name: 'f', arguments: '{"a":1}' };

test('a whole answer', () => {
  const response: Wire = encodeResponse(answer([{ type: 'text', text: 'Hi' }]), contextOf());
  expect(response).toMatchObject({
    object: 'response',
    model: 'asked-model',
    status: 'completed',
    error: null,
    incomplete_details: null,
    output: [
      {
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Hi', annotations: [], logprobs: [] }],
      },
    ],
    usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    temperature: null,
    top_p: null,
    instructions: null,
    metadata: {},
  });
});

describe('U03: is what its stream would have told', () => {
  const cases: [string, CanonicalResponse][] = [
    ['nothing', answer([])],
    ['texts and calls', answer([{ type: 'text', text: 'a' }, call, { type: 'text', text: 'b' }])],
    [
      'a thought',
      answer([
        { type: 'reasoning', text: 'hm', seal },
        { type: 'text', text: 'a' },
      ]),
    ],
    ['a sealed call', answer([{ ...call, seal } as AssistantPart])],
    ['a sealed text', answer([{ type: 'text', text: 'a', seal }, call])],
    ['an empty sealed text', answer([{ type: 'text', text: '', seal }])],
    ['a custom call without input', answer([{ ...call, kind: 'custom', arguments: '' } as AssistantPart])],
    ['a call without arguments', answer([{ ...call, arguments: '' } as AssistantPart])],
    ['a cut text', answer([call, { type: 'text', text: 'a' }], { reason: 'length' })],
    ['a cut call', answer([{ ...call, arguments: '{"a"' } as AssistantPart], { reason: 'length' })],
    ['a whole call at the limit', answer([call], { reason: 'length' })],
    ['a refusal', answer([{ type: 'text', text: 'No.', refusal: true }], { reason: 'content-filter' })],
    ['a filtered answer', answer([{ type: 'text', text: 'a' }], { reason: 'content-filter', explanation: 'why' })],
    [
      'a picture',
      answer([
        { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/webp', data: 'AA==' } },
        { type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.example/a.png' } },
        { type: 'media', kind: 'audio', source: { type: 'base64', mimeType: 'audio/wav', data: 'AA==' } },
      ]),
    ],
  ];
  for (const client of [undefined, 'codex']) {
    test.each(cases)(`%s, for ${client ?? 'anyone'}`, (_name, response) => {
      const context = contextOf({}, client);
      expect(encodeResponse(response, context) as Wire).toEqual(encodeAll(replay(response), context).at(-1)?.response);
    });
  }
});
