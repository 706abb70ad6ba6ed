import { describe, expect, test } from 'bun:test';
import { readLogprobs, writeLogprobs } from '../../../src/translate/openai-logprobs.ts';
import { translateText } from '../../../src/translate/translate-text.ts';

type Parsed = ReturnType<typeof JSON.parse>;

const wire = [
  {
    token: 'Hé',
    logprob: -0.25,
    bytes: [72, 195, 169],
    top_logprobs: [
      { token: 'Hé', logprob: -0.25, bytes: [72, 195, 169] },
      { token: 'Yo', logprob: -2, bytes: [89, 111] },
    ],
  },
];

test('probabilities come through unchanged', () => {
  expect(writeLogprobs(readLogprobs(wire)!)).toEqual(wire);
});

test('bytes that nobody told are those of the token', () => {
  expect(writeLogprobs([{ token: 'é', logprob: -1, top: [] }])).toEqual([
    { token: 'é', logprob: -1, bytes: [195, 169], top_logprobs: [] },
  ]);
});

test.each([[undefined], [null], [[]], ['x'], [{}]])('there are none in %p', (nothing) => {
  expect(readLogprobs(nothing)).toBeUndefined();
});

describe('between dialects', () => {
  const chat = JSON.stringify({
    choices: [
      { index: 0, message: { role: 'assistant', content: 'Hé' }, finish_reason: 'stop', logprobs: { content: wire } },
    ],
  });
  const responses = JSON.stringify({
    status: 'completed',
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hé', logprobs: wire }] }],
  });
  const gemini = JSON.stringify({
    candidates: [
      {
        content: { parts: [{ text: 'Hé' }] },
        finishReason: 'STOP',
        logprobsResult: {
          topCandidates: [
            {
              candidates: [
                { token: 'Hé', logProbability: -0.25 },
                { token: 'Yo', logProbability: -2 },
              ],
            },
          ],
          chosenCandidates: [{ token: 'Hé', logProbability: -0.25 }],
        },
      },
    ],
  });
  const answers = { 'openai-chat': chat, 'openai-responses': responses, gemini } as const;
  const places = {
    'openai-chat': (body: Parsed) => body.choices[0].logprobs.content,
    'openai-responses': (body: Parsed) => body.output[0].content[0].logprobs,
    gemini: (body: Parsed) => body.candidates[0].logprobsResult,
  } as const;
  const ids = ['openai-chat', 'openai-responses', 'gemini'] as const;
  const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => [from, to] as const));

  test.each(pairs)('a whole answer of %s for %s', (from, to) => {
    const { output, losses } = translateText({ kind: 'response', from, to, body: answers[from] }, 0);
    expect(places[to](JSON.parse(output))).toEqual(places[to](JSON.parse(answers[to])));
    expect(losses).toEqual([]);
  });

  const streams = {
    'openai-chat': [
      { choices: [{ index: 0, delta: { role: 'assistant', content: 'Hé' }, logprobs: { content: wire } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ],
    'openai-responses': [
      { type: 'response.created', response: { id: 'r' } },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hé', logprobs: wire },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } },
    ],
    gemini: [JSON.parse(gemini)],
  } as const;

  test.each(pairs)('a stream of %s for %s', (from, to) => {
    const body = streams[from].map((data) => `data: ${JSON.stringify(data)}\n\n`).join('');
    const { output, losses } = translateText({ kind: 'stream', from, to, body }, 0);
    expect(losses).toEqual([]);
    const frames = output
      .split('\n\n')
      .filter((frame) => frame.includes(to === 'gemini' ? '"logprobsResult"' : '"Yo"'));
    const first = JSON.parse(frames[0]!.slice(frames[0]!.indexOf('data: ') + 6));
    if (to === 'openai-responses') {
      const streamed = [
        {
          token: 'Hé',
          logprob: -0.25,
          top_logprobs: [
            { token: 'Hé', logprob: -0.25 },
            { token: 'Yo', logprob: -2 },
          ],
        },
      ];
      expect(first).toMatchObject({ type: 'response.output_text.delta', delta: 'Hé' });
      expect(first.logprobs).toEqual(streamed);
      expect(frames.length).toBe(5);
    } else expect(places[to](first)).toEqual(places[to](JSON.parse(answers[to])));
  });
});
