import { describe, expect, test } from 'bun:test';
import { ask, type Parsed, SONNET } from '../support/translate-as.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';

const MODELS = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  'anthropic-messages': SONNET,
  gemini: 'gemini-3-pro-preview',
} as const;
const TARGETS = Object.keys(MODELS) as (keyof typeof MODELS)[];

describe('what tools gave', () => {
  const image = (data: string) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } });
  const claude = {
    max_tokens: 99,
    messages: [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: ['a', 'b'].map((id) => ({ type: 'tool_use', id, name: 'shoot', input: {} })),
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'b', content: [image(`${PNG}BB`), { type: 'text', text: 'of b' }] },
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'of a' }, image(`${PNG}AA`)] },
          { type: 'text', text: 'look' },
        ],
      },
    ],
  };

  test('comes after the results of a chat, each under its label, and then what was said', () => {
    const { messages } = ask('anthropic-messages', 'openai-chat', claude).body;
    const shown = (data: string) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } });
    expect(messages.slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'of a\n\n[image 1 attached below]' },
      { role: 'tool', tool_call_id: 'b', content: '[image 2 attached below]\n\nof b' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '[image 1]' },
          shown(`${PNG}AA`),
          { type: 'text', text: '[image 2]' },
          shown(`${PNG}BB`),
          { type: 'text', text: 'look' },
        ],
      },
    ]);
  });

  test('stays in the results of newer Geminis, and follows those of older ones', () => {
    const inlineData = (data: string) => ({ inlineData: { mimeType: 'image/png', data } });
    const last = (model: string) => ask('anthropic-messages', 'gemini', claude, model).body.contents.at(-1).parts;
    expect(
      last('gemini-3-pro-preview')
        .slice(0, 2)
        .map((part: Parsed) => part.functionResponse.parts),
    ).toEqual([[inlineData(`${PNG}AA`)], [inlineData(`${PNG}BB`)]]);
    expect(last('gemini-2.5-flash').slice(2)).toEqual([
      { text: '[image 1]' },
      inlineData(`${PNG}AA`),
      { text: '[image 2]' },
      inlineData(`${PNG}BB`),
      { text: 'look' },
    ]);
  });

  test('is told in words where it is not taken, and named', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'go' }] },
      { role: 'model', parts: [{ functionCall: { name: 'listen', args: {} } }] },
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              name: 'listen',
              response: { output: 'heard' },
              parts: [{ inlineData: { mimeType: 'audio/ogg', data: 'AAAA' } }],
            },
          },
        ],
      },
    ];
    for (const to of TARGETS.filter((target) => target !== 'gemini')) {
      const { body, lost } = ask('gemini', to, { contents }, MODELS[to]);
      expect(JSON.stringify(body)).toContain('[audio left out: it cannot be read here]');
      expect(lost).toEqual(['result-part']);
    }
  });

  test('is an image of the result, from an array of Responses to Claude', () => {
    const input = [
      { role: 'user', content: 'go' },
      { type: 'function_call', call_id: 'c1', name: 'shoot', arguments: '{}' },
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: [{ type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'auto' }],
      },
    ];
    const { body } = ask('openai-responses', 'anthropic-messages', { input }, SONNET);
    expect(body.messages.at(-1).content).toEqual([{ type: 'tool_result', tool_use_id: 'c1', content: [image(PNG)] }]);
  });
});

describe('what a model showed earlier', () => {
  const drawn = (what: object) => [
    { role: 'user', content: 'draw' },
    { role: 'assistant', content: 'here', images: [what] },
    { role: 'user', content: 'again' },
  ];
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } };

  test('stands in the next turn of the user for Claude', () => {
    const { messages } = ask('openai-chat', 'anthropic-messages', { messages: drawn(image) }, SONNET).body;
    expect(messages[1]).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'here' }] });
    expect(messages[2].content.map((block: Parsed) => block.type)).toEqual(['image', 'text']);
  });

  test('stays where it was for Gemini', () => {
    const { contents } = ask('openai-chat', 'gemini', { messages: drawn(image) }, MODELS.gemini).body;
    expect(contents[1].parts).toMatchObject([{ text: 'here' }, { inlineData: { mimeType: 'image/png', data: PNG } }]);
  });
});
