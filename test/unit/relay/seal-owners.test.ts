import { describe, expect, test } from 'bun:test';
import type { AttemptPlan } from '../../../src/relay/attempt.ts';
import type { Journey } from '../../../src/relay/journey.ts';
import { findSealsIn, foreignSeals, noteOwners, noteServed, watchOwners } from '../../../src/relay/seal-owners.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { sealOrigin } from '../../../src/translate/seal-origin.ts';
import { memoryOfSeals } from '../../support/memory-of-seals.ts';
import { aCall } from '../../support/relay-set-up.ts';

const SEAL = 'gAAA-of-the-first';
const thought = (seal: string) => ({ type: 'reasoning', summary: [], encrypted_content: seal });

/** A conversation of Responses whose requests hold the seal, in one memory. */
function aConversation(seals = memoryOfSeals()) {
  const body = { model: 'gpt-5.5', input: [thought(SEAL), { role: 'user', content: 'Go on.' }] };
  const journey = (change: { refused?: string[]; opens?: boolean; body?: object; session?: undefined } = {}) =>
    ({
      call: aCall('openai-responses', change.body ?? body),
      ports: { seals },
      ...('session' in change ? {} : { session: { sessionKey: 's', opens: change.opens === true } }),
      refusedSeals: change.refused ?? [],
    }) as unknown as Journey;
  return { seals, journey };
}

/** An attempt at an account; of Responses, whose seals are tied to it, by default. */
function at(account: string, dialect: DialectId = 'openai-responses', passes = true): AttemptPlan {
  return { origin: sealOrigin(dialect, 'gpt-5.5', account), passes } as AttemptPlan;
}

describe('a seal that passes', () => {
  test('P12: is foreign to every account but the one whose answer it was in', () => {
    const { journey } = aConversation();
    noteOwners(journey(), at('first'), { output: [thought(SEAL)] });
    noteServed(journey(), at('first'));
    expect(foreignSeals(journey(), at('first'))).toBeUndefined();
    const isForeign = foreignSeals(journey(), at('second'));
    expect(isForeign?.(SEAL)).toBe(true);
    // nobody knows whose it is, so the account may be asked
    expect(isForeign?.('never seen')).toBe(false);
  });

  test('is looked up for its own account too once several have answered', () => {
    const { journey } = aConversation();
    noteOwners(journey(), at('first'), { output: [thought(SEAL)] });
    noteServed(journey(), at('first'));
    noteServed(journey(), at('second'));
    expect(foreignSeals(journey(), at('first'))?.(SEAL)).toBe(false);
    expect(foreignSeals(journey(), at('second'))?.(SEAL)).toBe(true);
  });

  test('belongs to whom it was told of first', () => {
    const { journey } = aConversation();
    noteOwners(journey(), at('first'), { output: [thought(SEAL)] });
    noteOwners(journey(), at('second'), { output: [thought(SEAL)] });
    noteServed(journey(), at('third'));
    expect(foreignSeals(journey(), at('second'))?.(SEAL)).toBe(true);
  });

  test('that was refused is foreign to every account from then on', () => {
    const { journey } = aConversation();
    noteServed(journey({ refused: [SEAL] }), at('first'));
    for (const account of ['first', 'second']) expect(foreignSeals(journey(), at(account))?.(SEAL)).toBe(true);
  });
});

describe('nothing is looked up', () => {
  test('while nothing is kept, at the start of a conversation, and in a body without seals', () => {
    const { journey, seals } = aConversation();
    expect(foreignSeals(journey(), at('second'))).toBeUndefined();
    noteOwners(journey(), at('first'), { output: [thought(SEAL)] });
    expect(seals.isEmpty()).toBe(false);
    expect(foreignSeals(journey({ opens: true }), at('second'))).toBeUndefined();
    expect(foreignSeals(journey({ body: { model: 'gpt-5.5', input: 'Hi' } }), at('second'))).toBeUndefined();
  });

  test('where the vendor ties seals to no account', () => {
    const { journey } = aConversation();
    noteOwners(journey(), at('first'), { output: [thought(SEAL)] });
    expect(foreignSeals(journey(), at('second', 'gemini'))).toBeUndefined();
    expect(watchOwners(journey(), at('second', 'gemini'))).toBeUndefined();
  });
});

describe('who has answered', () => {
  test('is noted only where a conversation is known and its seals pass', () => {
    const { journey, seals } = aConversation();
    noteServed(journey({ session: undefined }), at('first'));
    noteServed(journey(), at('first', 'openai-responses', false));
    noteServed(journey(), at('first', 'gemini'));
    expect(seals.isEmpty()).toBe(true);
    noteServed(journey(), at('first'));
    expect(seals.isEmpty()).toBe(false);
  });
});

test('a stream tells its seals frame by frame, whatever its other frames are', () => {
  const { journey, seals } = aConversation();
  const see = watchOwners(journey(), at('first'))!;
  see({ data: '[DONE]' });
  see({ data: '"encrypted_content" but no JSON' });
  expect(seals.isEmpty()).toBe(true);
  see({ data: JSON.stringify({ type: 'response.output_item.done', item: thought(SEAL) }) });
  expect(seals.kept.size).toBe(1);
  expect(foreignSeals(journey(), at('second'))?.(SEAL)).toBe(true);
});

test('the seals of a sent body are found in text and in bytes; what is no JSON has none', () => {
  const body = JSON.stringify({ input: [thought(SEAL), { role: 'user', content: 'Go on.' }, thought('')] });
  expect(findSealsIn(body)).toEqual([SEAL]);
  expect(findSealsIn(new TextEncoder().encode(body))).toEqual([SEAL]);
  expect(findSealsIn('encrypted_content')).toEqual([]);
});
