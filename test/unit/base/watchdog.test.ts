import { describe, expect, test } from 'bun:test';
import { createWatchdog, type Watched } from '../../../src/base/watchdog.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function setUp() {
  const clock = createFakeClock(0);
  const watchdog = createWatchdog(clock);
  const expired: string[] = [];
  const watched = (name: string, deadline: number): Watched => {
    const one = { deadline, expire: () => void expired.push(name) };
    watchdog.watch(one);
    return one;
  };
  return { clock, watchdog, expired, watched };
}

describe('a watchdog', () => {
  test('lets what is late expire, once', async () => {
    const { clock, expired, watched } = setUp();
    watched('early', 1000);
    watched('late', 5000);
    await clock.advance(2000);
    expect(expired).toEqual(['early']);
    await clock.advance(10_000);
    expect(expired).toEqual(['early', 'late']);
  });

  test('looks at the deadline as it is then', async () => {
    const { clock, expired, watched } = setUp();
    const one = watched('moved', 1000);
    for (let step = 0; step < 5; step++) {
      one.deadline = clock.now() + 1000;
      await clock.advance(900);
    }
    expect(expired).toEqual([]);
    await clock.advance(1000);
    expect(expired).toEqual(['moved']);
  });

  test('forgets what is released', async () => {
    const { clock, watchdog, expired, watched } = setUp();
    watchdog.release(watched('released', 1000));
    await clock.advance(5000);
    expect(expired).toEqual([]);
  });

  test('may be told of the same thing again when it expires', async () => {
    const { clock, watchdog } = setUp();
    let beats = 0;
    const heart: Watched = {
      deadline: 1000,
      expire: () => {
        beats++;
        heart.deadline = clock.now() + 1000;
        watchdog.watch(heart);
      },
    };
    watchdog.watch(heart);
    await clock.advance(5000);
    expect(beats).toBe(5);
  });

  test('has one timer for all, and none when there is nothing to watch', async () => {
    const { clock, watchdog, watched } = setUp();
    expect(clock.pending).toBe(0);
    const all = [watched('a', 1000), watched('b', 9000), watched('c', 9000)];
    expect(clock.pending).toBe(1);
    for (const one of all) watchdog.release(one);
    await clock.advance(1000);
    expect(clock.pending).toBe(0);
    watched('again', 2000);
    expect(clock.pending).toBe(1);
  });
});
