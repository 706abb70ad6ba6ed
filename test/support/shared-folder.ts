import { test } from 'bun:test';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROJECT = resolve(import.meta.dir, '..', '..');

/**
 * The folder with recordings, schemas and checkers, which lies beside the project and is never part of it. `TRIVIUM_SHARED` names
 * another place.
 */
export function sharedFolder(): string | undefined {
  const folder = resolve(process.env.TRIVIUM_SHARED ?? join(PROJECT, '..', 'shared'));
  return existsSync(join(folder, 'recordings', 'index.json')) ? folder : undefined;
}

/** The text of a file of the shared folder. */
export function readShared(...path: readonly string[]): string {
  return readFileSync(join(requireShared(), ...path), 'utf8');
}

/** The path of a file of the shared folder. */
export function sharedPath(...path: readonly string[]): string {
  return join(requireShared(), ...path);
}

/**
 * A test on the shared folder. Where the folder is missing it is skipped and says so; on a build server it fails instead, since
 * nobody would read that it was skipped.
 */
export function testShared(name: string, run: () => void | Promise<void>, timeoutMs = 60_000): void {
  if (sharedFolder() !== undefined) {
    test(name, run, timeoutMs);
    return;
  }
  if (process.env.CI !== undefined) {
    test(name, () => void requireShared());
    return;
  }
  test.skip(`${name} (skipped: no shared folder beside the project and TRIVIUM_SHARED is not set)`, run);
}

/** A finding of the checker. */
export interface Problem {
  readonly rule: string;
  readonly level: 'error' | 'warning';
  readonly at: number;
  readonly message: string;
}

/** What an answer means, in words common to all dialects. */
export interface Summary {
  readonly model: string | null;
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
  readonly toolCalls: readonly { readonly id?: string; readonly name: string; readonly args: unknown }[];
  readonly serverTools: readonly string[];
  readonly media: number;
  readonly finish: string | null;
  readonly rawFinish: string | null;
  readonly usage: { readonly [figure: string]: number | null };
  readonly error: { readonly type: string | null; readonly message: string } | null;
  readonly otherChoices: readonly string[];
}

/** The four wire formats the checker knows; legacy completions belong to the first. */
export type CheckedDialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini';

/** The checker of the shared folder. */
export interface Checker {
  checkStream(
    body: string,
    dialect: CheckedDialect,
    options?: { profile?: Profile; usageChunk?: boolean },
  ): { readonly problems: readonly Problem[]; readonly summary: Summary };
  summarizeWhole(body: object, dialect: CheckedDialect): Summary;
  compareSummaries(a: Summary, b: Summary, aspects?: readonly string[]): string[];
  schemas(): {
    validate(
      dialect: CheckedDialect,
      root: string,
      value: unknown,
      profile?: Profile,
    ): { ok: boolean; errors: string[] };
  };
}

/** The schema of a request in each dialect. */
export const REQUEST_SCHEMAS: { readonly [D in CheckedDialect]: string } = {
  'openai-chat': 'ChatCompletionCreateParams',
  'openai-responses': 'ResponseCreateParams',
  'anthropic-messages': 'MessageCreateParams',
  gemini: 'GenerateContentRequest',
};

/** `closed` takes a field that the schema does not know for an error. */
export type Profile = 'wire' | 'closed';

let loaded: Promise<Checker> | undefined;

/**
 * Loads the checker. It has no modules of its own, so a copy of it is laid inside the project, where its one dependency is found.
 */
export function loadChecker(): Promise<Checker> {
  loaded ??= importChecker();
  return loaded;
}

async function importChecker(): Promise<Checker> {
  const copy = join(PROJECT, '.cache', `conformance-${process.pid}`);
  process.env.CONFORMANCE_SCHEMAS = sharedPath('schemas');
  cpSync(sharedPath('conformance', 'src'), copy, { recursive: true });
  try {
    return (await import(pathToFileURL(join(copy, 'index.ts')).href)) as Checker;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function requireShared(): string {
  const folder = sharedFolder();
  if (folder === undefined) throw new Error('The shared folder is missing: set TRIVIUM_SHARED to where it lies.');
  return folder;
}
