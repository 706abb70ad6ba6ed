import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { decodeMessages } from '../../../../src/translate/openai-chat/decode-messages.ts';
import { writeSeal } from '../../../../src/translate/seal.ts';

const messagesOf = (...list: JsonObject[]) => decodeMessages(list).messages;
const userParts = (content: Json) => messagesOf({ role: 'user', content })[0]?.parts;
const assistantParts = (message: JsonObject) => messagesOf({ role: 'assistant', ...message })[0]?.parts;
const call = (id: string, name: string, args: Json = '{}'): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

test('instructions at the start are the head; later ones stay where they stand', () => {
  const { system, messages } = decodeMessages([
    { role: 'system', content: 'a' },
    { role: 'developer', content: [{ type: 'text', text: 'b' }] },
    { role: 'user', content: 'c' },
    { role: 'system', content: 'd' },
  ]);
  expect(system).toEqual([
    { role: 'system', parts: [{ type: 'text', text: 'a' }] },
    { role: 'developer', parts: [{ type: 'text', text: 'b' }] },
  ]);
  expect(messages.map(({ role }) => role)).toEqual(['user', 'system']);
});

test('an instruction with an image keeps its text and says so', () => {
  const content = [
    { type: 'text', text: 'a' },
    { type: 'image_url', image_url: { url: 'https://x/y.png' } },
  ];
  const decoded = decodeMessages([
    { role: 'system', content },
    { role: 'user', content: 'b' },
  ]);
  expect(decoded.system).toEqual([{ role: 'system', parts: [{ type: 'text', text: 'a' }] }]);
  expect(decoded.lostInstructions).toBe(true);
});

describe('what a user says', () => {
  const cases: readonly (readonly [string, Json, unknown])[] = [
    ['nothing', null as unknown as Json, []],
    ['text', 'a', [{ type: 'text', text: 'a' }]],
    ['a part that is a bare string', ['a'], [{ type: 'text', text: 'a' }]],
    ['text without a type', [{ text: 'a' }], [{ type: 'text', text: 'a' }]],
    [
      'an image as data',
      [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } }],
      [
        {
          type: 'media',
          kind: 'image',
          source: { type: 'base64', mimeType: 'image/png', data: 'AAAA' },
          detail: 'low',
        },
      ],
    ],
    [
      'an image as a bare link',
      [{ type: 'image_url', image_url: 'https://x/y.png' }],
      [{ type: 'media', kind: 'image', source: { type: 'url', url: 'https://x/y.png' } }],
    ],
    [
      'a PDF',
      [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } }],
      [
        {
          type: 'media',
          kind: 'document',
          source: { type: 'base64', mimeType: 'application/pdf', data: 'AAAA' },
          name: 'a.pdf',
        },
      ],
    ],
    [
      'an uploaded file',
      [{ type: 'file', file: { file_id: 'file-1' } }],
      [{ type: 'media', kind: 'document', source: { type: 'file', id: 'file-1', dialect: 'openai-chat' } }],
    ],
    [
      'text as a data URL that is not base64',
      [{ type: 'file', file: { file_data: 'data:text/plain,a%20b' } }],
      [{ type: 'media', kind: 'document', source: { type: 'base64', mimeType: 'text/plain', data: 'YSBi' } }],
    ],
    [
      'R23: a sound',
      [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } }],
      [{ type: 'media', kind: 'audio', source: { type: 'base64', mimeType: 'audio/mpeg', data: 'AAAA' } }],
    ],
    [
      'R23: a film',
      [{ type: 'video_url', video_url: { url: 'https://x/y.mp4' } }],
      [{ type: 'media', kind: 'video', source: { type: 'url', url: 'https://x/y.mp4' } }],
    ],
    [
      'a part nobody knows',
      [{ type: 'hologram', x: 1 }],
      [{ type: 'opaque', dialect: 'openai-chat', kind: 'hologram', raw: { type: 'hologram', x: 1 } }],
    ],
    [
      'text with a cache mark of Anthropic',
      [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      [{ type: 'text', text: 'a', cache: { ttl: '1h' } }],
    ],
    [
      'text with a cache mark of OpenAI',
      [{ type: 'text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }],
      [{ type: 'text', text: 'a', cache: { ttl: '5m' } }],
    ],
  ];
  for (const [name, content, parts] of cases) test(name, () => expect(userParts(content)).toEqual(parts as never));
});

test('R32: a cache mark on a message is one on its last part', () => {
  const content = [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ];
  const [message] = messagesOf({ role: 'user', content, cache_control: { type: 'ephemeral' } });
  expect(message?.parts).toEqual([
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b', cache: {} },
  ]);
});

describe('what a model said', () => {
  test('thoughts, text, refusal and calls in that order', () => {
    const parts = assistantParts({
      content: 'b',
      refusal: 'c',
      reasoning_content: 'a',
      tool_calls: [call('1', 'f', '{"x":1}')],
    });
    expect(parts).toEqual([
      { type: 'reasoning', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'text', text: 'c', refusal: true },
      { type: 'tool-call', callId: '1', kind: 'function', name: 'f', arguments: '{"x":1}' },
    ]);
  });

  test('content that is null or missing beside calls is no text', () => {
    for (const content of [null, undefined]) {
      const parts = assistantParts({ ...(content === undefined ? {} : { content }), tool_calls: [call('1', 'f')] });
      expect(parts?.map(({ type }) => type)).toEqual(['tool-call']);
    }
  });

  test('one thought under two names is one thought', () => {
    expect(assistantParts({ content: 'b', reasoning: 'a', reasoning_content: 'a' })?.[0]).toEqual({
      type: 'reasoning',
      text: 'a',
    });
    expect(assistantParts({ content: 'b', reasoning: 'a', reasoning_content: 'a' })).toHaveLength(2);
  });

  test('a thought among the parts, as Mistral writes it', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'a' }] },
      { type: 'text', text: 'b' },
    ];
    expect(assistantParts({ content })).toEqual([
      { type: 'reasoning', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
  });

  test('thoughts of LiteLLM are Anthropic’s', () => {
    const thinking_blocks = [
      { type: 'thinking', thinking: 'a', signature: 'S' },
      { type: 'redacted_thinking', data: 'D' },
    ];
    expect(assistantParts({ content: '', reasoning_content: 'a', thinking_blocks })?.slice(0, 2)).toEqual([
      { type: 'reasoning', text: 'a', seal: { dialect: 'anthropic-messages', value: 'S' } },
      { type: 'reasoning', text: '', seal: { dialect: 'anthropic-messages', value: 'D', kind: 'redacted' } },
    ]);
  });

  test('a seal of ours in reasoning_details is opened, and pieces of a stream are one entry', () => {
    const seal = { dialect: 'anthropic-messages', value: 'S' } as const;
    const reasoning_details = [
      { type: 'reasoning.text', text: 'a', index: 0 },
      { type: 'reasoning.text', text: 'b', index: 0 },
      { type: 'reasoning.text', signature: writeSeal(seal, 'openai-chat'), index: 0 },
    ];
    expect(assistantParts({ content: 'c', reasoning: 'ab', reasoning_details })).toEqual([
      { type: 'reasoning', text: 'ab', seal },
      { type: 'text', text: 'c' },
    ]);
  });

  test('the seal of a call', () => {
    const seal = { dialect: 'gemini', value: 'S', attach: 'call' } as const;
    const extra_content = { google: { thought_signature: writeSeal(seal, 'openai-chat') } };
    const native = { google: { thought_signature: 'N' } };
    const parts = assistantParts({
      tool_calls: [
        { ...call('1', 'f'), extra_content },
        { ...call('2', 'f'), extra_content: native },
      ],
    });
    expect(parts).toMatchObject([{ seal }, { seal: { dialect: 'openai-chat', value: 'N' } }]);
  });

  test('calls: custom tools, arguments as an object, no id', () => {
    const parts = assistantParts({
      tool_calls: [
        { id: '1', type: 'custom', custom: { name: 'c', input: 'free text' } },
        { id: '2', function: { name: 'f', arguments: { x: 1 } } },
        { id: '', function: { name: 'f' } },
      ],
    });
    expect(parts).toMatchObject([
      { callId: '1', kind: 'custom', name: 'c', arguments: 'free text' },
      { callId: '2', kind: 'function', arguments: '{"x":1}' },
      { callId: expect.stringMatching(/^call_\w{24}$/), arguments: '' },
    ]);
  });

  test('sound it spoke can only go back to where it came from', () => {
    expect(assistantParts({ audio: { id: 'audio_1' } })).toEqual([
      { type: 'opaque', dialect: 'openai-chat', kind: 'audio', raw: { id: 'audio_1' } },
    ]);
  });
});

describe('results', () => {
  test('R07: a row of tool messages is one turn, each result with the name of its call', () => {
    const messages = messagesOf(
      { role: 'assistant', content: null, tool_calls: [call('1', 'f'), { id: '2', custom: { name: 'c', input: '' } }] },
      { role: 'tool', tool_call_id: '1', content: 'a' },
      { role: 'tool', tool_call_id: '2', content: [{ type: 'text', text: 'b' }] },
      { role: 'user', content: 'c' },
      { role: 'tool', tool_call_id: '3', name: 'g', content: null },
    );
    expect(messages.slice(1)).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'tool-result', callId: '1', kind: 'function', name: 'f', parts: [{ type: 'text', text: 'a' }] },
          { type: 'tool-result', callId: '2', kind: 'custom', name: 'c', parts: [{ type: 'text', text: 'b' }] },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'c' }] },
      { role: 'user', parts: [{ type: 'tool-result', callId: '3', kind: 'function', name: 'g', parts: [] }] },
    ]);
  });

  test('R20: an image stays in its result', () => {
    const content = [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }];
    expect(messagesOf({ role: 'tool', tool_call_id: '1', content })[0]?.parts).toMatchObject([
      { type: 'tool-result', parts: [{ type: 'media', kind: 'image' }] },
    ]);
  });

  test('what is not text is told as JSON', () => {
    const [message] = messagesOf({ role: 'tool', tool_call_id: '1', content: { x: 1 } });
    expect(message?.parts).toMatchObject([{ parts: [{ type: 'text', text: '{"x":1}' }] }]);
  });

  test('R19: text that begins like JSON stays as it is', () => {
    const [message] = messagesOf({ role: 'tool', tool_call_id: '1', content: '{not json' });
    expect(message?.parts).toMatchObject([{ parts: [{ type: 'text', text: '{not json' }] }]);
  });

  test('of the older form pair by name, in order, and always get the same ids', () => {
    const history: JsonObject[] = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"n":1}' } },
      { role: 'function', name: 'f', content: 'one' },
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"n":2}' } },
      { role: 'function', name: 'f', content: 'two' },
    ];
    const ids = messagesOf(...history).flatMap(({ parts }) =>
      (parts as unknown as readonly { callId?: string }[]).flatMap(({ callId }) => callId ?? []),
    );
    expect(ids).toHaveLength(4);
    expect(ids[0]).toBe(ids[1]!);
    expect(ids[2]).toBe(ids[3]!);
    expect(ids[0]).not.toBe(ids[2]!);
    const later = messagesOf(...history, { role: 'user', content: 'more' });
    expect(later.slice(0, 5)).toEqual([...messagesOf(...history)]);
  });
});
