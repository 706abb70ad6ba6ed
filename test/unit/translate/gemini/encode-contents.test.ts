import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import {
  type AssistantPart,
  type CanonicalRequest,
  emptyRequest,
  type Message,
  type ToolCallPart,
  type ToolResultPart,
  type UserPart,
} from '../../../../src/translate/canonical/request.ts';
import { encodeRequest } from '../../../../src/translate/gemini/encode-request.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';

const NEW = 'gemini-3-pro-preview';
const OLD = 'gemini-2.5-flash';

function encode(request: Partial<CanonicalRequest>, server: Partial<TargetTraits> = {}) {
  const whole = { ...emptyRequest(NEW, false), ...request };
  const { body, losses } = encodeRequest(whole, { provider: 'gemini', quirks: {}, ...server });
  return { body, lost: losses.map((loss) => loss.field) };
}

const user = (...parts: UserPart[]): Message => ({ role: 'user', parts });
const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
const text = (words: string) => ({ type: 'text' as const, text: words });
const call = (callId: string, args = '{}', rest: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  callId,
  kind: 'function',
  name: 'f',
  arguments: args,
  ...rest,
});
const result = (callId: string, ...parts: ToolResultPart['parts'][number][]): ToolResultPart => ({
  type: 'tool-result',
  callId,
  kind: 'function',
  parts,
});
const contents = (messages: readonly Message[], model = NEW, server: Partial<TargetTraits> = {}) =>
  encode({ model, messages }, server).body.contents as readonly { role: string; parts: readonly JsonObject[] }[];
const sealOf = (value: string) => ({ dialect: 'gemini' as const, value });

describe('calls', () => {
  const rows: readonly (readonly [args: string, parsed: JsonObject])[] = [
    ['{"a":1}', { a: 1 }],
    ['', {}],
    ['[1]', { _raw: '[1]' }],
    ['{bad', { _raw: '{bad' }],
  ];

  test.each(rows)('R17, R18: arguments %p', (args, parsed) => {
    expect(contents([assistant(call('c', args))], OLD)[0]?.parts).toEqual([
      { functionCall: { id: 'c', name: 'f', args: parsed } },
    ]);
  });

  test('R39, SG5: the first call of each turn without a signature gets the bypass value, on models that check', () => {
    const messages = [
      assistant(call('a'), call('b')),
      user(result('a', text('1')), result('b', text('2'))),
      assistant(text('next'), call('c', '{}', { seal: sealOf('own') }), call('d')),
    ];
    const signatures = (model: string) =>
      contents(messages, model).flatMap((turn) => turn.parts.map((part) => part.thoughtSignature ?? '-'));
    expect(signatures(NEW)).toEqual(['skip_thought_signature_validator', '-', '-', '-', '-', 'own', '-']);
    expect(signatures(OLD)).toEqual(['-', '-', '-', '-', '-', 'own', '-']);
  });

  test('a signature that came as a thought of its own goes back on the call', () => {
    const seal = { ...sealOf('s'), attach: 'call' as const };
    const [turn] = contents([assistant({ type: 'reasoning', text: '', seal }, call('a'))]);
    expect(turn?.parts).toEqual([{ functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 's' }]);
  });

  test('no signature of another vendor is sent', () => {
    const seal = { dialect: 'anthropic-messages' as const, value: 'theirs' };
    expect(JSON.stringify(contents([assistant(call('a', '{}', { seal }))], OLD))).not.toContain('theirs');
  });

  test('ids stay away from servers that refuse them', () => {
    const turns = contents([assistant(call('a')), user(result('a', text('x')))], OLD, { quirks: { callIds: false } });
    expect(turns).toEqual([
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'x' } } }] },
    ]);
  });
});

describe('thoughts and texts', () => {
  test('with signatures', () => {
    const [turn] = contents([
      assistant(
        { type: 'reasoning', text: 'hm', seal: sealOf('r') },
        { type: 'text', text: 'ok', seal: sealOf('t') },
        { type: 'text', text: '' },
        { type: 'text', text: '', seal: sealOf('e') },
      ),
    ]);
    expect(turn?.parts).toEqual([
      { text: 'hm', thought: true, thoughtSignature: 'r' },
      { text: 'ok', thoughtSignature: 't' },
      { text: '', thoughtSignature: 'e' },
    ]);
  });

  test("a text's signature that came as a thought goes back on the text", () => {
    const seal = { ...sealOf('s'), attach: 'text' as const };
    expect(contents([assistant(text('ok'), { type: 'reasoning', text: '', seal })])[0]?.parts).toEqual([
      { text: 'ok', thoughtSignature: 's' },
    ]);
    expect(contents([assistant({ type: 'reasoning', text: '', seal })])[0]?.parts).toEqual([
      { text: '', thoughtSignature: 's' },
    ]);
  });

  test('a thought without a signature of this vendor is left out', () => {
    expect(contents([assistant({ type: 'reasoning', text: 'hm' }, text('ok'))])[0]?.parts).toEqual([{ text: 'ok' }]);
  });
});

describe('results', () => {
  const png = {
    type: 'media' as const,
    kind: 'image' as const,
    source: { type: 'base64' as const, mimeType: 'image/png', data: 'AA' },
  };
  const wav = {
    type: 'media' as const,
    kind: 'audio' as const,
    source: { type: 'base64' as const, mimeType: 'audio/wav', data: 'BB' },
  };

  test('have the name of their call, and say output or error', () => {
    const turns = contents([
      assistant(call('a', '{}', { name: 'alpha' }), call('b', '{}', { name: 'beta' })),
      user({ ...result('b', text('boom')), isError: true }, { ...result('a', text('{"x":1}')), name: 'other' }),
    ]);
    expect(turns[1]?.parts).toEqual([
      { functionResponse: { id: 'b', name: 'beta', response: { error: 'boom' } } },
      { functionResponse: { id: 'a', name: 'alpha', response: { output: '{"x":1}' } } },
    ]);
  });

  test('R19: text that looks like JSON stays text', () => {
    expect(JSON.stringify(contents([user(result('a', text('{broken')))])[0])).toContain('{"output":"{broken"}');
  });

  test('R20: hold their pictures on newer models', () => {
    expect(contents([user(result('a', text('look'), png))])[0]?.parts).toEqual([
      {
        functionResponse: {
          id: 'a',
          name: 'tool',
          response: { output: 'look' },
          parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }],
        },
      },
    ]);
  });

  test('R21: have their pictures after all results on older models, each bound by a label', () => {
    expect(contents([user(result('a', png), result('b', text('b'), png), text('so?'))], OLD)[0]?.parts).toEqual([
      { functionResponse: { id: 'a', name: 'tool', response: { output: '[image 1 attached below]' } } },
      { functionResponse: { id: 'b', name: 'tool', response: { output: 'b\n[image 2 attached below]' } } },
      { text: '[image 1]' },
      { inlineData: { mimeType: 'image/png', data: 'AA' } },
      { text: '[image 2]' },
      { inlineData: { mimeType: 'image/png', data: 'AA' } },
      { text: 'so?' },
    ]);
  });

  test('cannot hold sound on any model', () => {
    const [turn] = contents([user(result('a', wav))]);
    expect(turn?.parts.slice(1)).toEqual([
      { text: '[audio 1]' },
      { inlineData: { mimeType: 'audio/wav', data: 'BB' } },
    ]);
  });
});

describe('media', () => {
  const media = (part: Omit<Extract<UserPart, { type: 'media' }>, 'type'>) =>
    encode({ messages: [user({ type: 'media', ...part })] });
  const partsOf = (body: JsonObject) => (body.contents as { parts: unknown }[])[0]?.parts;

  test('R23: sound and film are data like any other', () => {
    const { body, lost } = media({ kind: 'audio', source: { type: 'base64', mimeType: 'audio/mp3', data: 'AA' } });
    expect(partsOf(body)).toEqual([{ inlineData: { mimeType: 'audio/mp3', data: 'AA' } }]);
    expect(lost).toEqual([]);
  });

  test.each([
    ['https://x.example/a.png?b=1', 'image/png'],
    ['https://x.example/a', 'image/jpeg'],
  ])('the address %s has the type %s', (url, mimeType) => {
    const { body, lost } = media({ kind: 'image', source: { type: 'url', url } });
    expect(partsOf(body)).toEqual([{ fileData: { fileUri: url, mimeType } }]);
    expect(lost).toEqual(['image_url']);
  });

  test('a page with a film has no type', () => {
    const url = 'https://www.youtube.com/watch?v=x';
    expect(partsOf(media({ kind: 'video', source: { type: 'url', url } }).body)).toEqual([
      { fileData: { fileUri: url } },
    ]);
  });

  test('an address is no use to a server that fetches nothing', () => {
    const part: UserPart = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.example/a.png' } };
    const { body, lost } = encode({ messages: [user(part, text('hi'))] }, { quirks: { imageUrls: false } });
    const label = '[image https://x.example/a.png left out: it cannot be read here]';
    expect(partsOf(body)).toEqual([{ text: label }, { text: 'hi' }]);
    expect(lost).toEqual(['part=image']);
  });

  test("another vendor's file is refused", () => {
    expect(() =>
      media({ kind: 'document', source: { type: 'file', id: 'file-1', dialect: 'openai-responses' } }),
    ).toThrow('The file file-1 lies with another vendor.');
  });

  test('what is said of a document that is data has no place', () => {
    const pdf = { type: 'base64', mimeType: 'application/pdf', data: 'AA' } as const;
    expect(media({ kind: 'document', source: pdf, context: 'C' }).lost).toEqual(['document.context']);
  });

  test('a document of text is text', () => {
    const { body } = media({ kind: 'document', title: 'T', source: { type: 'text', text: 'words' } });
    expect(partsOf(body)).toEqual([{ text: 'T\n\nwords' }]);
  });
});
