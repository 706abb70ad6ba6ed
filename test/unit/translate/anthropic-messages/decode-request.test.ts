import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeRequest } from '../../../../src/translate/anthropic-messages/decode-request.ts';
import { writeSeal } from '../../../../src/translate/seal.ts';

const INTENT = { model: 'claude-x', stream: false };
const decode = (body: JsonObject) => decodeRequest({ messages: [], ...body }, INTENT);
const messagesOf = (...messages: readonly JsonObject[]) => decode({ messages }).messages;
const userParts = (...content: readonly JsonObject[]) => messagesOf({ role: 'user', content })[0]!.parts;
const assistantParts = (...content: readonly JsonObject[]) => messagesOf({ role: 'assistant', content })[0]!.parts;
const own = (value: string) => ({ dialect: 'anthropic-messages', value }) as const;

describe('conversation', () => {
  test('reads string content as one text part', () => {
    expect(messagesOf({ role: 'user', content: 'hi' })).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    ]);
  });

  test('reads system blocks as one instruction with their cache marks', () => {
    const system = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ];
    expect(decode({ system }).system).toEqual([
      {
        role: 'system',
        parts: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', cache: { ttl: '1h' } },
        ],
      },
    ]);
  });

  test('drops the billing line of Claude Code and nothing else', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1;' },
      { type: 'text', text: 'Be brief.' },
    ];
    expect(decode({ system }).system).toEqual([{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }]);
    expect(decode({ system: 'x-anthropic-billing-header: alone' }).system).toEqual([]);
  });

  test('R27: keeps a system turn in its place, with its cache mark', () => {
    const content = [{ type: 'text', text: 'env', cache_control: { type: 'ephemeral' } }];
    expect(messagesOf({ role: 'user', content: 'q' }, { role: 'system', content })).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'q' }] },
      { role: 'system', parts: [{ type: 'text', text: 'env', cache: {} }] },
    ]);
  });

  test('moves system turns that stand first to the head', () => {
    const request = decode({
      system: 'a',
      messages: [
        { role: 'system', content: 'b' },
        { role: 'user', content: 'q' },
      ],
    });
    expect(request.system.map((instruction) => instruction.parts[0]?.text)).toEqual(['a', 'b']);
    expect(request.messages).toHaveLength(1);
  });

  test('puts a mark at the root on the last block', () => {
    const request = decode({ cache_control: { type: 'ephemeral' }, messages: [{ role: 'user', content: 'q' }] });
    expect(request.messages[0]!.parts).toEqual([{ type: 'text', text: 'q', cache: {} }]);
  });
});

describe('thoughts', () => {
  test('keep the vendor signature as a seal', () => {
    expect(assistantParts({ type: 'thinking', thinking: 'hm', signature: 'sig' })).toEqual([
      { type: 'reasoning', text: 'hm', seal: own('sig') },
    ]);
  });

  test('without a signature have no seal', () => {
    expect(assistantParts({ type: 'thinking', thinking: 'hm' })).toEqual([{ type: 'reasoning', text: 'hm' }]);
  });

  test('that are redacted are a seal without text', () => {
    expect(assistantParts({ type: 'redacted_thinking', data: 'blob' })).toEqual([
      { type: 'reasoning', text: '', seal: { ...own('blob'), kind: 'redacted' } },
    ]);
  });

  test('R39: give back the seal of another vendor from its envelope', () => {
    const signature = writeSeal({ dialect: 'openai-responses', value: 'enc', id: 'rs_1' }, 'anthropic-messages');
    expect(assistantParts({ type: 'thinking', thinking: '', signature })).toEqual([
      { type: 'reasoning', text: '', seal: { dialect: 'openai-responses', value: 'enc', id: 'rs_1' } },
    ]);
  });

  test('that were only marked as foreign keep their text without a seal', () => {
    const signature = writeSeal({ dialect: 'openai-chat', value: '' }, 'anthropic-messages');
    expect(assistantParts({ type: 'thinking', thinking: 'hm', signature })).toEqual([
      { type: 'reasoning', text: 'hm' },
    ]);
  });

  test('SG4: return a seal to the call or the text it was attached to', () => {
    const envelope = (attach: 'call' | 'text') =>
      writeSeal({ dialect: 'gemini', value: attach, attach }, 'anthropic-messages');
    const parts = assistantParts(
      { type: 'text', text: 'a' },
      { type: 'thinking', thinking: '', signature: envelope('text') },
      { type: 'thinking', thinking: '', signature: envelope('call') },
      { type: 'tool_use', id: 't1', name: 'f', input: {} },
      { type: 'tool_use', id: 't2', name: 'f', input: {} },
    );
    expect(parts).toEqual([
      { type: 'text', text: 'a', seal: { dialect: 'gemini', value: 'text' } },
      {
        type: 'tool-call',
        callId: 't1',
        kind: 'function',
        name: 'f',
        arguments: '{}',
        seal: { dialect: 'gemini', value: 'call' },
      },
      { type: 'tool-call', callId: 't2', kind: 'function', name: 'f', arguments: '{}' },
    ]);
  });
});

describe('calls and results', () => {
  test.each([
    [{ a: 1 }, '{"a":1}'],
    [null, '{}'],
    [undefined, '{}'],
    ['{"a":1}', '{"a":1}'],
    ['plain', '"plain"'],
    [[1], '[1]'],
    [7, '7'],
  ])('R17: an input of %p becomes the text %s', (input, text) => {
    const [part] = assistantParts({ type: 'tool_use', id: 't', name: 'f', input });
    expect(part).toMatchObject({ arguments: text });
  });

  test('name the tool of each result and keep errors', () => {
    const messages = messagesOf(
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'boom', is_error: true }] },
    );
    expect(messages[1]!.parts).toEqual([
      {
        type: 'tool-result',
        callId: 't',
        kind: 'function',
        name: 'f',
        parts: [{ type: 'text', text: 'boom' }],
        isError: true,
      },
    ]);
  });

  test('R20: keep images and loaded tools of a result in their places', () => {
    const content = [
      { type: 'text', text: 'see' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      { type: 'tool_reference', tool_name: 'WebFetch' },
    ];
    const [result] = userParts({
      type: 'tool_result',
      tool_use_id: 't',
      content,
      cache_control: { type: 'ephemeral' },
    });
    expect(result).toEqual({
      type: 'tool-result',
      callId: 't',
      kind: 'function',
      parts: [
        { type: 'text', text: 'see' },
        {
          type: 'media',
          kind: 'image',
          source: { type: 'base64', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
        },
        { type: 'text', text: 'Tool loaded: WebFetch' },
      ],
      cache: {},
    });
  });

  test('without content have no parts', () => {
    expect(userParts({ type: 'tool_result', tool_use_id: 't' })[0]).toMatchObject({ parts: [] });
  });

  test('S42: keep blocks of server tools as they are', () => {
    const raw = { type: 'web_search_tool_result', tool_use_id: 's', content: [{ encrypted_content: 'x' }] };
    expect(assistantParts(raw)).toEqual([
      {
        type: 'opaque',
        dialect: 'anthropic-messages',
        kind: 'web_search_tool_result',
        raw,
        use: { kind: 'web-search', pages: [] },
      },
    ]);
  });
});

describe('documents', () => {
  const source = (part: unknown) => (part as { source: unknown }).source;

  test('R22: are read from data, text, link, file and blocks', () => {
    const document = (from: JsonObject) => userParts({ type: 'document', source: from, title: 'T' })[0];
    expect(document({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' })).toEqual({
      type: 'media',
      kind: 'document',
      source: { type: 'base64', mimeType: 'application/pdf', data: 'JVBERi0=' },
      title: 'T',
    });
    expect(source(document({ type: 'text', media_type: 'text/plain', data: 'abc' }))).toEqual({
      type: 'text',
      text: 'abc',
    });
    expect(source(document({ type: 'url', url: 'https://x/a.pdf' }))).toEqual({
      type: 'url',
      url: 'https://x/a.pdf',
      mimeType: 'application/pdf',
    });
    expect(source(document({ type: 'file', file_id: 'file_1' }))).toEqual({
      type: 'file',
      id: 'file_1',
      dialect: 'anthropic-messages',
    });
    const blocks = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(source(document({ type: 'content', content: blocks }))).toEqual({ type: 'text', text: 'a\n\nb' });
  });

  test('give the images among their blocks as parts of their own', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://x/i.png' } };
    const parts = userParts({ type: 'document', source: { type: 'content', content: [image] } });
    expect(parts.map((part) => part.type === 'media' && part.kind)).toEqual(['document', 'image']);
  });

  test('that are search results become text with their source', () => {
    const content = [{ type: 'text', text: 'Body.' }];
    expect(userParts({ type: 'search_result', title: 'T', source: 'https://x', content })).toEqual([
      { type: 'text', text: 'T\nhttps://x\n\nBody.' },
    ]);
  });
});

describe('wrong fields', () => {
  const image = (source: unknown) => ({ messages: [{ role: 'user', content: [{ type: 'image', source }] }] });
  test.each<[string, unknown]>([
    ['messages', { messages: 'hi' }],
    ['messages', { messages: null }],
    ['messages[0]', { messages: ['hi'] }],
    ['messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    ['messages[0].content[1]', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, 'b'] }] }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ text: 'a' }] }] }],
    ['messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages[0].content[0].source', image('x')],
    ['messages[0].content[0].source.type', image({ type: 'ftp' })],
    ['messages[0].content[0].source.data', image({ type: 'base64', media_type: 'image/png' })],
    ['messages[0].content[0].tool_use_id', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }],
    ['system', { system: 5 }],
    ['system[0].text', { system: [{ type: 'text', text: null }] }],
    ['max_tokens', { max_tokens: '5' }],
    ['temperature', { temperature: true }],
    ['stop_sequences', { stop_sequences: [1] }],
    ['tools', { tools: {} }],
    ['tools[0]', { tools: ['x'] }],
    ['tools[0].name', { tools: [{ input_schema: {} }] }],
    ['tools[0].input_schema', { tools: [{ name: 'f', input_schema: 'x' }] }],
    ['tool_choice', { tool_choice: 'auto' }],
    ['tool_choice.type', { tool_choice: { type: 'maybe' } }],
    ['tool_choice.name', { tool_choice: { type: 'tool' } }],
    ['thinking', { thinking: true }],
    ['thinking.type', { thinking: { type: 'hard' } }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled', budget_tokens: 'many' } }],
    ['metadata', { metadata: 'me' }],
    ['output_config.format.type', { output_config: { format: { type: 'xml' } } }],
  ])('are named: %s', (param, body) => {
    try {
      decode(body as JsonObject);
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).kind).toBe('invalid-request');
      expect((error as GatewayError).detail.param).toBe(param);
      expect((error as GatewayError).message).toContain(`'${param}'`);
      return;
    }
    expect.unreachable();
  });
});
