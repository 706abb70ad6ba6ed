import { describe, expect, test } from 'bun:test';
import { concerns, isSameScope, isStrikeOf, scopeOfRest, strikeKey } from '../../../src/pool/rest-scope.ts';

describe('what rests', () => {
  test('is what the upstream named, else what the kind of the failure says', () => {
    expect(scopeOfRest(undefined, 'model', 'gpt-5')).toEqual({ model: 'gpt-5' });
    expect(scopeOfRest(undefined, 'account', 'gpt-5')).toEqual({});
    expect(scopeOfRest({ type: 'account' }, 'model', 'gpt-5')).toEqual({});
    expect(scopeOfRest({ type: 'family', family: 'opus' }, 'account', 'x')).toEqual({ family: 'opus' });
  });

  test.each([
    [{}, 'gpt-5', true],
    [{ model: 'gpt-5' }, 'gpt-5', true],
    [{ model: 'gpt-5' }, 'gpt-5-mini', false],
    [{ family: 'opus' }, 'claude-Opus-4-5', true],
    [{ family: ':free' }, 'meta/llama-3:free', true],
    [{ family: 'opus' }, 'claude-sonnet-4-5', false],
  ])('%j keeps an account from %s: %p', (scope, model, expected) => {
    expect(concerns(scope, model)).toBe(expected);
  });

  test('strikes are counted for it, and a model called like a family has its own', () => {
    expect([strikeKey({}), strikeKey({ model: 'opus' }), strikeKey({ family: 'opus' })]).toEqual([
      undefined,
      'opus',
      'family:opus',
    ]);
    expect(isStrikeOf('family:opus', 'claude-opus-4-5')).toBe(true);
    expect(isStrikeOf('family:opus', 'claude-haiku-4-5')).toBe(false);
    expect(isStrikeOf('opus', 'claude-opus-4-5')).toBe(false);
    expect(isSameScope({ model: 'a' }, { family: 'a' })).toBe(false);
  });
});
