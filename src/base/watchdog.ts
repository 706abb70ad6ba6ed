import type { Clock } from './clock.ts';

/** One thing with a time limit. Moving `deadline` is all a stream does for each read. */
export interface Watched {
  /** Epoch milliseconds. */
  deadline: number;
  expire(): void;
}

/** Guards any number of time limits with one timer, so that a stream's events cost no timer each. */
export interface Watchdog {
  watch(watched: Watched): void;
  release(watched: Watched): void;
}

const TICK_MS = 500;

/** Makes a watchdog; its timer runs only while there is something to watch. */
export function createWatchdog(clock: Clock): Watchdog {
  const all = new Set<Watched>();
  let stop: (() => void) | undefined;
  const tick = () => {
    const now = clock.now();
    for (const watched of all) {
      if (now >= watched.deadline) {
        all.delete(watched);
        watched.expire();
      }
    }
    rest();
  };
  const rest = () => {
    if (all.size > 0) return;
    stop?.();
    stop = undefined;
  };
  return {
    watch: (watched) => {
      all.add(watched);
      stop ??= clock.every(TICK_MS, tick);
    },
    release: (watched) => {
      all.delete(watched);
    },
  };
}
