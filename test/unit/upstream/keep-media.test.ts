import { describe, expect, test } from 'bun:test';
import { keepMedia } from '../../../src/upstream/keep-media.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const HOUR = 60 * 60 * 1000;

function aKeeper(sizeOf: (url: string) => number = () => 8) {
  const asked: string[] = [];
  const clock = createFakeClock(0);
  const get = keepMedia(async (url) => {
    asked.push(url);
    if (url.includes('broken')) throw new Error('broken');
    return { mimeType: 'image/png', data: `${asked.length}`.padEnd(sizeOf(url), 'A') };
  }, clock);
  return { asked, clock, get };
}

describe('what links led to', () => {
  test('is the same the next time, and asked for once', async () => {
    const { asked, get } = aKeeper();
    const [first, second] = await Promise.all([get('a'), get('a')]);
    expect(second).toBe(first);
    expect(await get('a')).toBe(first);
    expect(asked).toEqual(['a']);
  });

  test('is asked for again an hour after it was last wanted', async () => {
    const { asked, clock, get } = aKeeper();
    await get('a');
    await clock.advance(HOUR - 1);
    await get('a');
    await clock.advance(HOUR - 1);
    await get('a');
    expect(asked).toEqual(['a']);
    await clock.advance(HOUR + 1);
    await get('a');
    expect(asked).toEqual(['a', 'a']);
  });

  test('is not kept when it failed', async () => {
    const { asked, get } = aKeeper();
    for (const _ of [1, 2]) {
      await expect(get('broken')).rejects.toThrow('broken');
    }
    expect(asked).toHaveLength(2);
  });

  test('goes when there is too much of it, the longest unwanted first', async () => {
    const { asked, get } = aKeeper(() => 25 * 1024 * 1024);
    await get('a');
    await get('b');
    await get('a');
    await get('c');
    await get('a');
    await get('b');
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });
});
