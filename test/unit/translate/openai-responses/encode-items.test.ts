import { describe, expect, test } from 'bun:test';
import type { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import type {
  AssistantPart,
  MediaPart,
  Message,
  ResultPart,
  UserPart,
} from '../../../../src/translate/canonical/request.ts';
import { encodeItems } from '../../../../src/translate/openai-responses/encode-items.ts';
import { startEncoding } from '../../../../src/translate/openai-responses/encoding.ts';
import type { Quirks } from '../../../../src/translate/target.ts';
import { requestOf } from './samples.ts';

function encode(messages: readonly Message[], quirks: Quirks = {}) {
  const encoding = startEncoding(requestOf({ messages }), { provider: 'openai', quirks });
  return { items: encodeItems(messages, encoding) as unknown, losses: encoding.losses.map((loss) => loss.field) };
}

const said = (...parts: AssistantPart[]) => encode([{ role: 'assistant', parts }]).items;
const asked = (...parts: UserPart[]) => encode([{ role: 'user', parts }]).items;
const result = (...parts: ResultPart[]): UserPart => ({ type: 'tool-result', callId: 'c', kind: 'function', parts });
const png: MediaPart = {
  type: 'media',
  kind: 'image',
  source: { type: 'base64', mimeType: 'image/png', data: 'AA==' },
};
const wirePng = { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' };

test('R33: texts of an answer are one message, without an id; calls and thoughts are items of their own', () => {
  expect(
    said(
      { type: 'reasoning', text: 'hm', seal: { dialect: 'openai-responses', value: 's', id: 'rs_1' } },
      { type: 'text', text: 'a' },
      { type: 'text', text: 'no', refusal: true },
      { type: 'text', text: '' },
      { type: 'tool-call', callId: 'c', kind: 'function', name: 'f', arguments: '' },
      { type: 'text', text: 'b' },
    ),
  ).toEqual([
    { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 's' },
    {
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'a', annotations: [] },
        { type: 'refusal', refusal: 'no' },
      ],
    },
    { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'b', annotations: [] }] },
  ]);
});

test('a phase stays', () => {
  const parts: AssistantPart[] = [{ type: 'text', text: 'a' }];
  expect(encode([{ role: 'assistant', parts, phase: 'commentary' }]).items).toMatchObject([{ phase: 'commentary' }]);
});

describe('ids of reasoning items', () => {
  const reasoning = (id?: string): AssistantPart => ({
    type: 'reasoning',
    text: '',
    seal: { dialect: 'openai-responses', value: 's', ...(id === undefined ? {} : { id }) },
  });
  test.each([
    [undefined, undefined],
    ['rs_abc', 'rs_abc'],
    ['other_1', undefined],
    [`rs_${'x'.repeat(62)}`, undefined],
  ])('%s is sent as %s', (id, expected) => {
    const [item] = said(reasoning(id)) as JsonObject[];
    expect(item?.id).toBe(expected as never);
    expect(item?.summary).toEqual([]);
  });
});

test('thoughts of others go back as text only where a server wants them so', () => {
  const messages: Message[] = [{ role: 'assistant', parts: [{ type: 'reasoning', text: 'hm' }] }];
  expect(encode(messages).items).toEqual([]);
  expect(encode(messages, { reasoningBack: 'reasoning_content' }).items).toEqual([
    { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
  ]);
});

test('a picture of the assistant stands as the user’s', () => {
  expect(said(png)).toEqual([{ type: 'message', role: 'user', content: [wirePng] }]);
});

test('what the user says is one message; opaque items stand alone, opaque parts inside', () => {
  const opaque = (kind: string) =>
    ({ type: 'opaque', dialect: 'openai-responses', kind, raw: { type: kind } }) as const;
  expect(asked({ type: 'text', text: 'a' }, opaque('shell_call_output'), opaque('input_hologram'), png)).toEqual([
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] },
    { type: 'shell_call_output' },
    { type: 'message', role: 'user', content: [{ type: 'input_hologram' }, wirePng] },
  ]);
});

describe('results', () => {
  const text = (words: string): ResultPart => ({ type: 'text', text: words });
  const outputs: [string, UserPart, unknown][] = [
    ['plain text is a string', result(text('a')), 'a'],
    ['texts are joined', result(text('a'), text('b')), 'a\nb'],
    ['nothing is an empty string', result(), ''],
    ['a fault says so', { ...result(text('boom')), isError: true } as UserPart, 'Error: boom'],
    ['a fault that says so already', { ...result(text('Error: boom')), isError: true } as UserPart, 'Error: boom'],
    ['R20: pictures stay', result(text('a'), png), [{ type: 'input_text', text: 'a' }, wirePng]],
    [
      'a fault with a picture',
      { ...result(png), isError: true } as UserPart,
      [{ type: 'input_text', text: 'Error:' }, wirePng],
    ],
  ];
  test.each(outputs)('%s', (_name, part, output) => {
    expect(asked(part)).toEqual([{ type: 'function_call_output', call_id: 'c', output }]);
  });
  test('of custom tools are their own kind', () => {
    expect(asked({ ...result(text('a')), kind: 'custom' } as UserPart)).toEqual([
      { type: 'custom_tool_call_output', call_id: 'c', output: 'a' },
    ]);
  });
  test('audio in them leaves a note and a loss', () => {
    const audio: MediaPart = { ...png, kind: 'audio', source: { type: 'base64', mimeType: 'audio/wav', data: 'AA==' } };
    const { items, losses } = encode([{ role: 'user', parts: [result(audio)] }]);
    expect(items).toMatchObject([
      { output: [{ type: 'input_text', text: '[audio left out: it cannot be read here]' }] },
    ]);
    expect(losses).toEqual(['result-part']);
  });
});

describe('R22: documents', () => {
  test('what is said of a document that is data has no place', () => {
    const pdf: MediaPart = { ...png, kind: 'document', context: 'C' };
    expect(encode([{ role: 'user', parts: [pdf] }]).losses).toEqual(['document.context']);
  });

  const document = (more: object): MediaPart => ({ ...png, kind: 'document', ...more }) as MediaPart;
  const cases: [MediaPart, unknown][] = [
    [
      document({ source: { type: 'base64', mimeType: 'application/pdf', data: 'AA==' } }),
      { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA==' },
    ],
    [
      document({ source: { type: 'base64', mimeType: 'application/pdf', data: 'AA==' }, name: 'a.pdf' }),
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
    ],
    [
      document({ source: { type: 'url', url: 'https://x.example/a.pdf' } }),
      { type: 'input_file', file_url: 'https://x.example/a.pdf' },
    ],
    [
      document({ source: { type: 'file', id: 'file_1', dialect: 'openai-chat' } }),
      { type: 'input_file', file_id: 'file_1' },
    ],
    [
      document({ source: { type: 'text', text: 'words' }, title: 'T', context: 'C' }),
      { type: 'input_text', text: 'T\n\nC\n\nwords' },
    ],
  ];
  test.each(cases)('%j', (part, expected) => {
    expect(asked(part)).toEqual([{ type: 'message', role: 'user', content: [expected] }]);
  });
});

test('a file of another provider cannot be opened here', () => {
  const part: MediaPart = { ...png, source: { type: 'file', id: 'f', dialect: 'anthropic-messages' } };
  let kind: string | undefined;
  try {
    asked(part);
  } catch (error) {
    kind = (error as GatewayError).kind;
  }
  expect(kind).toBe('translation-refused');
});

test('R28: a turn that comes to nothing is left out', () => {
  const nothing: Message[] = [
    { role: 'user', parts: [{ type: 'text', text: '' }] },
    { role: 'assistant', parts: [] },
    { role: 'developer', parts: [{ type: 'text', text: '' }] },
  ];
  expect(encode(nothing).items).toEqual([]);
});
