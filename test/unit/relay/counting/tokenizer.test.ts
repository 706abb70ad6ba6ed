import { describe, expect, test } from 'bun:test';
import { cutRuns, loadTokenizer } from '../../../../src/relay/counting/tokenizer.ts';
import { cpuTimeOf } from '../../../support/cpu-time.ts';

describe('the tokenizer', () => {
  test('counts as the tokenizer of GPT does', async () => {
    const countText = await loadTokenizer();
    expect(countText('Hello, world!')).toBe(4);
    expect(countText('')).toBe(0);
    expect(countText('人工智能')).toBeLessThan(5);
  });

  test('counts the marks of formats as text', async () => {
    const countText = await loadTokenizer();
    expect(countText('<|endoftext|>')).toBeGreaterThan(1);
  });

  test('is quick about a word that does not end', async () => {
    const countText = await loadTokenizer();
    const count = () => expect(countText('a'.repeat(100_000))).toBeGreaterThan(10_000);
    expect(cpuTimeOf(count)).toBeLessThan(2_000);
  });

  test('is given every character once, and no half of one', () => {
    const text = `${'😀'.repeat(500)} ${'x'.repeat(1000)}`;
    const pieces = cutRuns(text);
    expect(pieces.join('')).toBe(text);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    expect(cutRuns('a few words')).toEqual(['a few words']);
  });
});
