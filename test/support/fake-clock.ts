import type { Clock } from '../../src/base/clock.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves the time on and runs what falls due on the way, each at its own time; what it sets off is let run to its end before the
   * next. The first step is taken before the call returns.
   */
  advance(ms: number): Promise<void>;
  /** Moves the time on without running anything, as on a computer that slept. */
  jump(ms: number): void;
  /** How many timers are set. */
  readonly pending: number;
}

interface Timer {
  at: number;
  readonly action: () => void;
  readonly everyMs?: number;
}

/** Makes a clock that shows `start`, in epoch milliseconds. */
export function createFakeClock(start = 1_800_000_000_000): FakeClock {
  const timers = new Set<Timer>();
  let time = start;
  const set = (timer: Timer) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const nextDue = (end: number) => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  };
  const run = (timer: Timer) => {
    time = Math.max(time, timer.at);
    if (timer.everyMs === undefined) timers.delete(timer);
    else timer.at += timer.everyMs;
    timer.action();
  };
  return {
    now: () => time,
    after: (ms, action) => set({ at: time + ms, action }),
    every: (ms, action) => set({ at: time + ms, action, everyMs: ms }),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          stop();
          reject(signal?.reason);
        };
        const stop = set({
          at: time + ms,
          action: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        });
        signal?.addEventListener('abort', abort, { once: true });
      }),
    advance: async (ms) => {
      const end = time + ms;
      for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
        run(timer);
        await settled();
      }
      time = Math.max(time, end);
      await settled();
    },
    jump: (ms) => {
      time += ms;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Resolves when every promise that could go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
