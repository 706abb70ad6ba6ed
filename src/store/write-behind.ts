import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { StoreDatabase } from './database.ts';

/** Rows that are written together a moment later, so that a request never waits for the disk. */
export interface WriteBehind<T> {
  /** Takes a row; never waits and never throws. */
  add(row: T): void;
  /** Writes all rows taken so far. Never throws: rows that could not be written stay and are tried again. */
  flush(): void;
}

/** What a write-behind needs. */
export interface WriteBehindParts<T> {
  readonly database: StoreDatabase;
  readonly clock: Clock;
  readonly log: Log;
  /** Writes one row inside a transaction. */
  readonly write: (row: T) => void;
  /** Writes what many rows add up to, in the same transaction. */
  readonly writeSum?: (rows: readonly T[]) => void;
}

const FLUSH_AFTER_MS = 250;
const RETRY_AFTER_MS = 2000;
const FLUSH_AT_ROWS = 400;
const KEPT_WHEN_FAILING = 5000;

/** Makes a write-behind: a quarter of a second after the first row, or at four hundred rows, all go into one transaction. */
export function createWriteBehind<T>(parts: WriteBehindParts<T>): WriteBehind<T> {
  let rows: T[] = [];
  let stopTimer: (() => void) | undefined;
  const flush = () => {
    stopTimer?.();
    stopTimer = undefined;
    if (rows.length === 0) return;
    const batch = rows;
    rows = [];
    if (writeBatch(parts, batch)) return;
    rows = [...batch, ...rows].slice(-KEPT_WHEN_FAILING);
    stopTimer = parts.clock.after(RETRY_AFTER_MS, flush);
  };
  return {
    add: (row) => {
      rows.push(row);
      if (rows.length >= FLUSH_AT_ROWS && rows.length % FLUSH_AT_ROWS === 0) return flush();
      stopTimer ??= parts.clock.after(FLUSH_AFTER_MS, flush);
    },
    flush,
  };
}

/** False when the whole batch has to be tried again. */
function writeBatch<T>(parts: WriteBehindParts<T>, batch: readonly T[]): boolean {
  try {
    parts.database.together(() => {
      for (const row of batch) writeRow(parts, row);
      parts.writeSum?.(batch);
    });
    return true;
  } catch (error) {
    parts.log.warn('rows not written', { rows: batch.length, error });
    return false;
  }
}

/** A row that breaks a rule of its table is left out, since it would keep all others from being written. */
function writeRow<T>(parts: WriteBehindParts<T>, row: T): void {
  try {
    parts.write(row);
  } catch (error) {
    if (!isRowFault(error)) throw error;
    parts.log.error('row not written', { error });
  }
}

function isRowFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(code) || error instanceof TypeError;
}
