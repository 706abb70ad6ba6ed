import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dir, '..', '..');

/** The text of a file of the project. */
export function readProject(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** All files under a folder of the project, by their paths in it. */
export function listFiles(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true }) as string[];
  return names.map((name) => `${folder}/${name.replaceAll('\\', '/')}`).sort();
}

/** The keys of a table at the top level of a source file, for tables that are not exported. Throws when there is none. */
export function keysOfTable(file: string, table: string): string[] {
  const text = readProject(file);
  const start = new RegExp(`^(?:export )?const ${table}\\b[^=]*= \\{$`, 'm').exec(text);
  if (start === null) throw new Error(`${file} has no table ${table}`);
  const body = text.slice(start.index, text.indexOf('\n}', start.index));
  return [...body.matchAll(/^ {2}'?([\w.-]+)'?:/gm)].map(([, key]) => key!);
}

/** What the source says of losses. */
export interface FoundLosses {
  /** Codes that stand in the source; of a template its beginning. */
  readonly codes: readonly string[];
  /** Calls whose code is computed, as `file: expression`. */
  readonly computed: readonly string[];
}

/** Functions that take a loss code first. */
const LOSS_CALL = /(?<!function )\b(?:dropped|approximated|lose|lossOf)\(\s*([^,)\n]+)/g;

/** Finds every call that makes a loss. */
export function findLosses(): FoundLosses {
  const codes = new Set<string>();
  const computed = new Set<string>();
  const files = [...listFiles('src/translate'), ...listFiles('src/upstream')];
  for (const file of files.filter((name) => name.endsWith('.ts') && name !== 'src/translate/loss.ts')) {
    for (const [, argument] of readProject(file).matchAll(LOSS_CALL)) {
      const literal = /^['`]([^'`$]+)/.exec(argument!)?.[1];
      if (literal !== undefined) codes.add(literal);
      // a type after the name: a declaration, not a call
      else if (!argument!.includes(': ')) computed.add(`${file}: ${argument}`);
    }
  }
  return { codes: [...codes].sort(), computed: [...computed].sort() };
}
