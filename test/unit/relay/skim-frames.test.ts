import { describe, expect, test } from 'bun:test';
import { createSkimmer } from '../../../src/relay/skim-frames.ts';
import { parseSse } from '../../../src/translate/stream/sse.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What is read of a stream that comes in pieces of `size` bytes, frame by frame. */
function skim(text: string, size: number, news: readonly string[] | undefined): string[] {
  const seen: string[] = [];
  const reader = parseSse(({ data }) => seen.push(data));
  const skimmer = createSkimmer((bytes) => reader.push(bytes), news);
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length; at += size) skimmer.push(bytes.subarray(at, at + size));
  skimmer.finish();
  reader.finish();
  return seen;
}

function stream(count: number, end: string, special: { readonly [n: number]: string } = {}): string {
  const filler = 'é'.repeat(40);
  return Array.from({ length: count }, (_, n) => `data: ${special[n] ?? `${n} ${filler}`}${end}${end}`).join('');
}

const SIZES = [1, 7, 100, 5_000, 1_000_000];

describe('a skimmer', () => {
  test.each(['\n', '\r\n'])('reads the frames with news and the last, wherever the bytes were cut (%j)', (end) => {
    for (const size of SIZES) {
      const seen = skim(stream(2_000, end, { 700: 'NEWS of 700', 1999: 'the end' }), size, ['NEWS']);
      expect(seen).toContain('NEWS of 700');
      expect(seen.at(-1)).toBe('the end');
    }
    expect(skim(stream(2_000, end, { 700: 'NEWS' }), 5_000, ['NEWS']).length).toBeLessThan(600);
  });

  test('reads all frames of a stream whose watcher names no news', () => {
    for (const size of SIZES) expect(skim(stream(500, '\n'), size, undefined)).toHaveLength(500);
  });

  test('reads all frames where their ends are not found', () => {
    expect(skim(stream(1_000, '\r'), 4_000, ['NEWS'])).toHaveLength(1_000);
  });

  test('reads a frame that is longer than what is looked at together, and goes on after it', () => {
    const long = 'x'.repeat(100_000);
    for (const size of [3_000, 20_000]) {
      const seen = skim(stream(300, '\n', { 10: long, 299: 'the end' }), size, ['NEWS']);
      expect(seen.filter((data) => data !== 'the end' && data.length !== long.length).length).toBeLessThan(200);
      expect(seen.at(-1)).toBe('the end');
    }
  });

  test('shows a last frame that lacks its blank line', () => {
    expect(skim(`${stream(5, '\n')}data: [DONE]`, 11, ['NEWS']).at(-1)).toBe('[DONE]');
  });
});
