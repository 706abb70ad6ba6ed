/** The dialects the mock upstream speaks, by the letter that names them in the scenarios. */
export type Letter = 'o' | 'a' | 'g' | 'r';

/** A word in every text event, so that lost and doubled events are counted. */
export const MARK = 'lorem~';

const TEXT = `${MARK} ipsum dolor sit amet`;

/** The path a client of a dialect asks. */
export function pathOf(letter: Letter, model: string, stream: boolean): string {
  switch (letter) {
    case 'o':
      return '/v1/chat/completions';
    case 'r':
      return '/v1/responses';
    case 'a':
      return '/v1/messages';
    case 'g':
      return `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
  }
}

/** What ends an answer of a dialect. */
export const FINAL_MARK: { readonly [L in Letter]: { readonly stream: string; readonly whole: string } } = {
  o: { stream: '[DONE]', whole: '"finish_reason":"stop"' },
  r: { stream: 'event: response.completed', whole: '"status":"completed"' },
  a: { stream: 'event: message_stop', whole: '"stop_reason":"end_turn"' },
  g: { stream: '"finishReason":"STOP"', whole: '"finishReason":"STOP"' },
};

/** A whole answer of a dialect, about 1.5 KB. */
export function wholeAnswer(letter: Letter, model: string): string {
  const text = `${TEXT} `.repeat(40);
  switch (letter) {
    case 'o':
      return JSON.stringify({
        id: 'chatcmpl-bench0000000000000000000000000',
        object: 'chat.completion',
        created: 1_790_000_000,
        model,
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: text, refusal: null },
            finish_reason: 'stop',
            logprobs: null,
          },
        ],
        usage: { prompt_tokens: 100, completion_tokens: 300, total_tokens: 400 },
      });
    case 'a':
      return JSON.stringify({
        id: 'msg_01bench',
        type: 'message',
        role: 'assistant',
        model,
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: 100, output_tokens: 300 },
      });
    case 'g':
      return JSON.stringify({
        candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 300, totalTokenCount: 400 },
        modelVersion: model,
        responseId: 'bench',
      });
    case 'r':
      throw new Error('whole answers of the Responses dialect are not measured');
  }
}

/** The events of a streamed answer: opening, `count` text events, closing. */
export function streamEvents(letter: Letter, model: string, count: number): string[] {
  switch (letter) {
    case 'o':
      return chatEvents(model, count);
    case 'a':
      return messageEvents(model, count);
    case 'g':
      return geminiEvents(model, count);
    case 'r':
      throw new Error('streams of the Responses dialect are not measured');
  }
}

function chatEvents(model: string, count: number): string[] {
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({
      id: 'chatcmpl-bench0000000000000000000000000',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model,
      system_fingerprint: 'fp_bench',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      usage: null,
    })}\n\n`;
  const texts = Array.from({ length: count }, () => chunk({ content: TEXT }, null));
  const usage = {
    id: 'chatcmpl-bench0000000000000000000000000',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model,
    choices: [],
    usage: { prompt_tokens: 100, completion_tokens: count, total_tokens: 100 + count },
  };
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...texts,
    chunk({}, 'stop'),
    `data: ${JSON.stringify(usage)}\n\n`,
    'data: [DONE]\n\n',
  ];
}

function messageEvents(model: string, count: number): string[] {
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const message = {
    id: 'msg_01bench',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 1 },
  };
  return [
    event('message_start', { message }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...Array.from({ length: count }, () =>
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: TEXT } }),
    ),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: count },
    }),
    event('message_stop', {}),
  ];
}

function geminiEvents(model: string, count: number): string[] {
  const chunk = (text: string, at: number, finish?: string) =>
    `data: ${JSON.stringify({
      candidates: [
        {
          index: 0,
          content: { role: 'model', parts: [{ text }] },
          ...(finish === undefined ? {} : { finishReason: finish }),
        },
      ],
      usageMetadata: { promptTokenCount: 100, candidatesTokenCount: at, totalTokenCount: 100 + at },
      modelVersion: model,
      responseId: 'bench',
    })}\r\n\r\n`;
  return [...Array.from({ length: count }, (_, at) => chunk(TEXT, at + 1)), chunk('', count, 'STOP')];
}

/** A request of a dialect with about `bytes` of history in turns, and tools where asked. */
export function requestBody(
  letter: Letter,
  model: string,
  wishes: { stream: boolean; bytes: number; turns: number; tools: number; imageBytes: number },
): string {
  const { stream, bytes, turns, tools, imageBytes } = wishes;
  const words = 'The quick brown fox "jumps" over the lazy dog.\n';
  const text = words.repeat(Math.max(1, Math.floor((bytes - tools * 900) / turns / words.length)));
  const schema = {
    type: 'object',
    properties: { path: { type: 'string', description: words.repeat(12) } },
    required: ['path'],
  };
  const image = 'A'.repeat(imageBytes);
  const roles = Array.from({ length: turns }, (_, at) => (at % 2 === 0 ? 'user' : 'assistant'));
  if (roles.at(-1) === 'assistant') roles.push('user');
  if (letter === 'o') {
    return JSON.stringify({
      model,
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      messages: roles.map((role, at) => ({
        role,
        content:
          imageBytes > 0 && at === roles.length - 1
            ? [
                { type: 'text', text },
                { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
              ]
            : text,
      })),
      ...(tools === 0
        ? {}
        : {
            tools: Array.from({ length: tools }, (_, at) => ({
              type: 'function',
              function: { name: `tool_${at}`, description: words, parameters: schema },
            })),
          }),
    });
  }
  if (letter === 'g')
    return JSON.stringify({
      contents: roles.map((role) => ({ role: role === 'user' ? 'user' : 'model', parts: [{ text }] })),
    });
  return JSON.stringify({
    model,
    stream,
    max_tokens: 1000,
    messages: roles.map((role, at) => ({
      role,
      content:
        imageBytes > 0 && at === roles.length - 1
          ? [
              { type: 'text', text },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
            ]
          : text,
    })),
    ...(tools === 0
      ? {}
      : {
          tools: Array.from({ length: tools }, (_, at) => ({
            name: `tool_${at}`,
            description: words,
            input_schema: schema,
          })),
        }),
  });
}
