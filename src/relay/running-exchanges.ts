import type { ExchangeRecord } from './exchange.ts';

/** An exchange that is not finished. */
export interface RunningExchange {
  /** What is known of it so far; it goes on changing. */
  readonly soFar: Readonly<ExchangeRecord>;
  /** Ends it: its client gets an error, its upstream is left, and no other account is tried. */
  stop(): void;
}

/** The exchanges that run, by their ids. Its owner alone ends one from outside. */
export type RunningExchanges = Map<string, RunningExchange>;
