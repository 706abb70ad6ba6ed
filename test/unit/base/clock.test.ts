import { describe, expect, test } from 'bun:test';
import { systemClock } from '../../../src/base/clock.ts';

const LONG_MS = 600_000;

describe('the real clock', () => {
  test('shows the time of the machine in milliseconds', () => {
    const before = Date.now();
    const shown = systemClock.now();
    expect(shown).toBeGreaterThanOrEqual(before);
    expect(shown).toBeLessThanOrEqual(Date.now());
  });

  test('wakes a sleeper, who may have a signal', async () => {
    await systemClock.sleep(0);
    const { signal } = new AbortController();
    await systemClock.sleep(0, signal);
  });

  test('wakes a sleeper early with the reason of its signal', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const sleeping = systemClock.sleep(LONG_MS, abort.signal);
    abort.abort(reason);
    expect(await sleeping.catch((thrown) => thrown)).toBe(reason);
  });

  test('does not fall asleep when the signal has gone off already', async () => {
    const reason = new Error('too late');
    const sleeping = systemClock.sleep(LONG_MS, AbortSignal.abort(reason));
    expect(await sleeping.catch((thrown) => thrown)).toBe(reason);
  });

  test('acts once after a while', async () => {
    let acted = 0;
    await new Promise<void>((resolve) => {
      systemClock.after(0, () => {
        acted++;
        resolve();
      });
    });
    expect(acted).toBe(1);
  });

  test('does not act when it was taken back', async () => {
    let acted = false;
    const takeBack = systemClock.after(0, () => {
      acted = true;
    });
    takeBack();
    await systemClock.sleep(1);
    expect(acted).toBe(false);
  });

  test('acts again and again until it is stopped', async () => {
    let acted = 0;
    await new Promise<void>((resolve) => {
      const stop = systemClock.every(1, () => {
        acted++;
        if (acted < 3) return;
        stop();
        resolve();
      });
      // a clock that only repeats does not keep the process alive
      systemClock.sleep(1000);
    });
    await systemClock.sleep(3);
    expect(acted).toBe(3);
  });
});
