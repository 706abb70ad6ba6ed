import { describe, expect, test } from 'bun:test';
import { countBroken } from '../../../src/relay/count-broken.ts';
import type { Journey } from '../../../src/relay/journey.ts';
import type { StreamFacts } from '../../../src/relay/stream-stage.ts';
import { emptyRequest } from '../../../src/translate/canonical/request.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';
import type { AnswerRoute } from '../../../src/translate/translate-answer.ts';
import { chatFrames } from '../../support/relay-set-up.ts';

const REQUEST = {
  ...emptyRequest('m', true),
  messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'x'.repeat(360) }] }],
};
const JOURNEY = { canonical: () => REQUEST } as unknown as Journey;
const ROUTE = {
  upstream: DIALECTS['openai-chat'],
  context: { request: REQUEST, exchangeId: 'x', createdAt: 0 },
} as unknown as AnswerRoute;
const facts = (more: Partial<StreamFacts>): StreamFacts => ({ contentSeen: true, ended: false, losses: [], ...more });

describe('a stream that ended early', () => {
  test('counts what was translated, and the request', () => {
    expect(countBroken(JOURNEY, ROUTE, facts({ told: 41 }))).toEqual({ input: 104, output: 11, estimated: true });
  });

  test('counts what passed by the text in its last bytes', () => {
    const lastPassed = new TextEncoder().encode(chatFrames.text('a'.repeat(40)));
    const passedBytes = lastPassed.length * 10;
    expect(countBroken(JOURNEY, ROUTE, facts({ lastPassed, passedBytes }))?.output).toBe(100);
  });

  test('keeps what its upstream told, and takes a first figure for no last one', () => {
    const usage = { input: 500, cacheRead: 400, output: 1 };
    expect(countBroken(JOURNEY, ROUTE, facts({ usage, told: 400 }))).toEqual({
      ...usage,
      output: 100,
      estimated: true,
    });
    const whole = facts({ usage, told: 400, finish: { reason: 'stop' } });
    expect(countBroken(JOURNEY, ROUTE, whole)).toBe(usage);
  });

  test('counts nothing before its first content', () => {
    expect(countBroken(JOURNEY, ROUTE, facts({ contentSeen: false, told: 0 }))).toBeUndefined();
  });

  test('has no input where the request cannot be read', () => {
    const broken = {
      canonical: () => {
        throw new Error('no');
      },
    } as unknown as Journey;
    expect(countBroken(broken, ROUTE, facts({ told: 4 }))).toEqual({ output: 1, estimated: true });
  });
});
