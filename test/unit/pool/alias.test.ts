import { describe, expect, test } from 'bun:test';
import { findAlias, matchesPattern } from '../../../src/pool/alias.ts';

const to = (model: string) => [{ model }];

describe('patterns', () => {
  test.each([
    ['claude-haiku-5', 'claude-*', true],
    ['claude-haiku-5', '*haiku*', true],
    ['claude-haiku-5', '*-5', true],
    ['claude-haiku-5', 'claude-*-5', true],
    ['claude-haiku-5', '*', true],
    ['', '*', true],
    ['claude-haiku-5', 'claude-haiku-5', true],
    ['claude-haiku-5', 'claude', false],
    ['claude-haiku-5', 'haiku*', false],
    ['claude-haiku-5', '*haiku', false],
    ['ab', 'ab*b', false],
    ['abb', 'ab*b', true],
    ['aXbYc', 'a*b*c', true],
    ['aXcYb', 'a*b*c', false],
    ['a.c', 'a?c', false],
    ['(x)', '(*)', true],
    ['aab', 'a*ab*b', false],
  ])('%s fits %s: %p', (text, pattern, fits) => {
    expect(matchesPattern(text, pattern)).toBe(fits);
  });
});

describe('findAlias', () => {
  test('the same name goes before any pattern', () => {
    const aliases = [
      { name: 'gpt-*', targets: to('a') },
      { name: 'gpt-5', targets: to('b') },
    ];
    expect(findAlias('gpt-5', aliases)?.name).toBe('gpt-5');
  });

  test('the pattern with the most literal characters, wherever the star stands', () => {
    const names = ['*', 'claude-*', '*haiku*', 'claude-*-5', 'claude-haiku*'];
    const aliases = names.map((name) => ({ name, targets: to('x') }));
    expect(findAlias('claude-haiku-5', aliases)?.name).toBe('claude-haiku*');
    expect(findAlias('claude-opus-5', aliases)?.name).toBe('claude-*-5');
    expect(findAlias('a-haiku', aliases)?.name).toBe('*haiku*');
    expect(findAlias('other', aliases)?.name).toBe('*');
  });

  test('the earlier one on a tie', () => {
    const tied = [
      { name: 'ab*', targets: to('first') },
      { name: '*bc', targets: to('second') },
    ];
    expect(findAlias('abc', tied)?.targets).toEqual(to('first'));
  });

  test('none', () => {
    expect(findAlias('x', [{ name: 'y*', targets: to('z') }])).toBeUndefined();
  });
});
