import type { Terminal } from '../../src/cli/translate.ts';

/** A terminal whose input a test gives and whose output it reads. */
export interface HandTerminal extends Terminal {
  /** Everything written to standard output. */
  readonly written: () => string;
  /** The lines told to people. */
  readonly told: readonly string[];
}

/** Makes a terminal with `input` on standard input. */
export function handTerminal(input = ''): HandTerminal {
  let written = '';
  const told: string[] = [];
  return {
    told,
    written: () => written,
    readAll: async () => input,
    lines: async function* () {
      yield* input.split('\n');
    },
    write: (text) => {
      written += text;
    },
    tell: (line) => {
      told.push(line);
    },
  };
}
