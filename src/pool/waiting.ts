import type { Clock } from '../base/clock.ts';
import type { Ask, Choice, Lease } from './account-state.ts';

/** What the queue needs of the pool. */
export interface WaitingPorts {
  readonly clock: Clock;
  /** The same request with what has changed since it came. */
  refresh(ask: Ask): Ask;
  choose(ask: Ask): Choice;
  take(ask: Ask, choice: Extract<Choice, { type: 'use' }>): Lease;
  refusal(ask: Ask, choice: Choice): Error;
}

/** Requests that wait for an account, served in the order in which they came. */
export interface WaitingQueue {
  readonly size: number;
  /** Waits for a lease, looking again at `until` at the latest. Throws the refusal once waiting is in vain, or the signal's reason. */
  enter(ask: Ask, until: number, signal: AbortSignal): Promise<Lease>;
  /** Looks again at every request; to be called whenever an account may have become free. */
  wakeAll(): void;
}

interface Waiter {
  ask: Ask;
  /** Epoch milliseconds at which time alone may change what holds for it. */
  until: number;
  grant(lease: Lease): void;
  refuse(error: unknown): void;
}

interface Queue {
  readonly ports: WaitingPorts;
  readonly waiters: Set<Waiter>;
  /** Epoch milliseconds of the one alarm; infinite when none is set. */
  alarmAt: number;
  stopAlarm: () => void;
}

/** Makes an empty queue. */
export function createWaitingQueue(ports: WaitingPorts): WaitingQueue {
  const queue: Queue = { ports, waiters: new Set(), alarmAt: Number.POSITIVE_INFINITY, stopAlarm: () => {} };
  return {
    get size() {
      return queue.waiters.size;
    },
    enter: (ask, until, signal) => enter(queue, ask, until, signal),
    wakeAll: () => wakeAll(queue),
  };
}

function enter(queue: Queue, ask: Ask, until: number, signal: AbortSignal): Promise<Lease> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      queue.waiters.delete(waiter);
      signal.removeEventListener('abort', abort);
      if (queue.waiters.size === 0) silence(queue);
    };
    const waiter: Waiter = {
      ask,
      until,
      grant: (lease) => {
        leave();
        resolve(lease);
      },
      refuse: (error) => {
        leave();
        reject(error);
      },
    };
    const abort = () => waiter.refuse(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    queue.waiters.add(waiter);
    setAlarm(queue, until);
  });
}

function wakeAll(queue: Queue): void {
  const waits = new Map<string, number>();
  let next = Number.POSITIVE_INFINITY;
  for (const waiter of queue.waiters) {
    waiter.ask = queue.ports.refresh(waiter.ask);
    const key = keyOf(waiter.ask);
    // what an older request of the same kind waits for in vain, a younger one does not get either
    const until = waits.get(key) ?? serve(queue, waiter);
    if (until === undefined) continue;
    waits.set(key, until);
    waiter.until = until;
    next = Math.min(next, until);
  }
  silence(queue);
  if (queue.waiters.size > 0) setAlarm(queue, next);
}

/** Gives the waiter what holds for it now; answers how long it must wait on, when it must. */
function serve({ ports }: Queue, waiter: Waiter): number | undefined {
  const choice = ports.choose(waiter.ask);
  switch (choice.type) {
    case 'use':
      waiter.grant(ports.take(waiter.ask, choice));
      return undefined;
    case 'refuse':
      waiter.refuse(ports.refusal(waiter.ask, choice));
      return undefined;
    case 'wait':
      return choice.until;
    default:
      return choice satisfies never;
  }
}

function keyOf({ target, bound, tried }: Ask): string {
  const { model, provider, account, unlisted } = target;
  return [model, provider, account, unlisted, bound, ...tried].join('\n');
}

function setAlarm(queue: Queue, until: number): void {
  if (until >= queue.alarmAt) return;
  silence(queue);
  queue.alarmAt = until;
  queue.stopAlarm = queue.ports.clock.after(Math.max(1, until - queue.ports.clock.now()), () => {
    queue.alarmAt = Number.POSITIVE_INFINITY;
    wakeAll(queue);
  });
}

function silence(queue: Queue): void {
  queue.stopAlarm();
  queue.stopAlarm = () => {};
  queue.alarmAt = Number.POSITIVE_INFINITY;
}
