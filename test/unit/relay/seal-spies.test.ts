import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import type { AttemptPlan } from '../../../src/relay/attempt.ts';
import type { Journey } from '../../../src/relay/journey.ts';
import { spyOnStream, spyOnWhole } from '../../../src/relay/seal-spies.ts';
import { emptyRequest } from '../../../src/translate/canonical/request.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';
import type { AnsweredStep } from '../../../src/translate/remembered-step.ts';
import { sealOrigin } from '../../../src/translate/seal-origin.ts';
import type { AnswerRoute } from '../../../src/translate/translate-answer.ts';
import { memoryOfSeals } from '../../support/memory-of-seals.ts';

const MODEL = 'gpt-5.5';
const ANSWER = {
  output: [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'gAAA' },
    { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] },
  ],
  status: 'completed',
} as const;
const frameOf = (data: JsonObject) => ({ event: String(data.type), data: JSON.stringify(data) });

/** An attempt whose answer passes, with what it leaves behind. */
function aPassing(dialect: DialectId, { passes = true, watches = false } = {}) {
  const seals = memoryOfSeals();
  const steps: AnsweredStep[] = [];
  const logged: string[] = [];
  const log = { debug: (text: string) => logged.push(text) };
  const origin = sealOrigin(dialect, MODEL, 'first');
  const half = DIALECTS[dialect];
  const route: AnswerRoute = {
    upstream: half,
    client: half,
    context: { request: emptyRequest(MODEL, true), exchangeId: 'x', createdAt: 0 },
    traits: { provider: 'openai', quirks: {} },
    targetModel: MODEL,
    ...(watches ? { seals: { origin, keepsText: true, keep: (step: AnsweredStep) => void steps.push(step) } } : {}),
  };
  const journey = { ports: { seals, log }, call: { exchangeId: 'x' } } as unknown as Journey;
  const plan = { origin, passes } as AttemptPlan;
  return { seals, steps, logged, stream: spyOnStream(journey, plan, route), whole: spyOnWhole(journey, plan, route) };
}

test('answers without anything to keep pass unseen', () => {
  for (const { stream, whole } of [
    aPassing('gemini'),
    aPassing('openai-responses', { passes: false, watches: true }),
  ]) {
    expect(stream).toBeUndefined();
    expect(whole).toBeUndefined();
  }
});

test('seals that are tied to an account are noted, streamed or whole', () => {
  const streamed = aPassing('openai-responses');
  streamed.stream!.push(frameOf({ type: 'response.output_item.done', item: ANSWER.output[0] }));
  streamed.stream!.finish();
  expect(streamed.seals.kept.size).toBe(1);
  const told = aPassing('openai-responses');
  told.whole!(ANSWER);
  expect([...told.seals.kept]).toEqual([...streamed.seals.kept]);
});

test('what a client may not send back is kept as the step it was, streamed or whole', () => {
  const told = aPassing('openai-responses', { watches: true });
  told.whole!(ANSWER);
  expect(told.steps).toMatchObject([{ text: 'Hello', pieces: [{ type: 'thought' }, { type: 'text', length: 5 }] }]);
  const streamed = aPassing('openai-responses', { watches: true });
  for (const [output_index, item] of ANSWER.output.entries()) {
    streamed.stream!.push(frameOf({ type: 'response.output_item.added', output_index, item }));
    streamed.stream!.push(frameOf({ type: 'response.output_item.done', output_index, item }));
  }
  streamed.stream!.push(frameOf({ type: 'response.completed', response: { ...ANSWER, id: 'resp_1' } }));
  streamed.stream!.finish();
  expect(streamed.steps).toEqual(told.steps);
});

test('an answer that nobody understands passes all the same', () => {
  const { whole, logged } = aPassing('openai-responses', { watches: true });
  expect(() =>
    whole!({
      output: 1,
      get status(): string {
        throw new Error('odd');
      },
    }),
  ).not.toThrow();
  expect(logged).toEqual(['answer not understood']);
});
