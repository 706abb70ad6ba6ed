import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dir, '..', '..');

/** The executable that end-to-end tests drive. */
export const EXECUTABLE = join(root, 'dist', process.platform === 'win32' ? 'trivium.exe' : 'trivium');

/** What it is made of. */
const PARTS = ['src', 'public', 'package.json', 'bun.lock', 'scripts/build.ts'];

let provided: Promise<void> | undefined;

/** Builds the executable when there is none, or only one older than its source; once in a run. */
export function provideExecutable(): Promise<void> {
  provided ??= isFresh() ? Promise.resolve() : build();
  return provided;
}

async function build(): Promise<void> {
  const builder = Bun.spawn([process.execPath, join(root, 'scripts', 'build.ts')], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const [code, words] = await Promise.all([builder.exited, new Response(builder.stderr).text()]);
  if (code !== 0) throw new Error(`the executable could not be built:\n${words}`);
}

function isFresh(): boolean {
  const built = changedAt(EXECUTABLE);
  return built !== undefined && PARTS.every((part) => newestIn(join(root, part)) <= built);
}

function newestIn(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const times = (readdirSync(path, { recursive: true }) as string[]).map((name) => statSync(join(path, name)).mtimeMs);
  return Math.max(...times);
}

function changedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
