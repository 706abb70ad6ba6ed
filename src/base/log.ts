/** Severity; a line below the logger's level is not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Fields of a line. Values are facts, never sentences; secrets are `Secret`s. */
export type LogFields = { readonly [name: string]: unknown };

/** The structured logger: constant lower-case messages, facts in fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Makes a logger that writes one line for each event to `write`, standard error by default. */
export function createLog(level: LogLevel, now: () => number, write: (line: string) => void = console.error): Log {
  const line = (severity: LogLevel, message: string, fields: LogFields = {}) => {
    if (ORDER[severity] < ORDER[level]) return;
    const parts = Object.entries(fields).map(([name, value]) => ` ${name}=${renderValue(value)}`);
    write(`${new Date(now()).toISOString()} ${severity} ${message}${parts.join('')}`);
  };
  return {
    debug: (message, fields) => line('debug', message, fields),
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}

/** A logger that keeps quiet, for tests and for parts that were given none. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function renderValue(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message);
  if (typeof value === 'string') return /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? 'undefined';
}
