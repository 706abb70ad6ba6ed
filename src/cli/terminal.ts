import { createInterface } from 'node:readline';
import type { Terminal } from './translate.ts';

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    readAll: () => Bun.stdin.text(),
    lines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
    write: (text) =>
      new Promise((resolve) => {
        process.stdout.write(text, () => resolve());
      }),
    tell: (line) => console.error(line),
  };
}
