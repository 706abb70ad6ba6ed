import { describe, expect, test } from 'bun:test';
import { countSampled, cutRuns, loadTokenizer } from '../../../../src/relay/counting/tokenizer.ts';
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

  test('counts an eighth of coded bytes, and comes close to the whole', async () => {
    const coded = Buffer.from(Uint32Array.from({ length: 30_000 }, (_, at) => at * 2_654_435_761).buffer).toString(
      'base64',
    );
    const text = `Here it is: ${coded} What is it?`;
    const shown: number[] = [];
    countSampled(text, (piece) => shown.push(piece.length));
    const counted = shown.reduce((sum, length) => sum + length, 0);
    expect(counted).toBeLessThan(text.length / 6);
    const countText = await loadTokenizer();
    let whole = 0;
    for (let at = 0; at < text.length; at += 1000) whole += countText(text.slice(at, at + 1000));
    expect(Math.abs(countText(text) / whole - 1)).toBeLessThan(0.05);
  });

  test('counts words as one text, however long it is', () => {
    const text = 'Words and more words, '.repeat(2000);
    const shown: string[] = [];
    countSampled(text, (piece) => shown.push(piece));
    expect(shown).toEqual([text]);
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
