import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npmPackages, PYTHON_VERSIONS } from './versions.ts';

/** Where the clients lie once they are installed. */
export interface Installed {
  /** The folder that holds `node_modules`. */
  readonly npm: string;
  /** A Python that has the libraries, or the reason why there is none. */
  readonly python: { readonly program: string } | { readonly missing: string };
}

/** The variables by which the tests are told where the clients are. */
export const NPM_FOLDER = 'TRIVIUM_CLIENTS_NPM';
export const PYTHON_PROGRAM = 'TRIVIUM_CLIENTS_PYTHON';

/**
 * Installs what the tests drive, with the registries that npm and pip are set up for. A folder is named for what it holds, so one that
 * is there is never installed again. Throws when a registry does not give what is asked of it.
 */
export async function installClients(): Promise<Installed> {
  const [npm, python] = await Promise.all([installNpm(), installPython()]);
  return { npm, python };
}

/** `TRIVIUM_CLIENTS_CACHE`, or a folder among the user's own caches. */
function cacheFolder(): string {
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.TRIVIUM_CLIENTS_CACHE ?? join(caches, 'trivium-test-clients');
}

async function installNpm(): Promise<string> {
  const dependencies = npmPackages();
  return provide('npm', dependencies, async (folder) => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    const words = ['install', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    await run(['npm', ...words, '--no-package-lock', '--legacy-peer-deps'], folder);
  });
}

async function installPython(): Promise<Installed['python']> {
  const python = Bun.which('python3') ?? Bun.which('python');
  if (python === null) return { missing: 'there is no python3 on this machine' };
  const lines = Object.entries(PYTHON_VERSIONS).map(([name, version]) => `${name}==${version}`);
  const trial = await attempt([python, '-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 9)']);
  if (trial !== '') return { missing: `this machine's Python is older than 3.9, or has no venv or pip: ${trial}` };
  const folder = await provide('python', [python, ...lines], async (place) => {
    await run([python, '-m', 'venv', '.'], place);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await run([pythonIn(place), ...pip, ...lines], place);
  });
  return { program: pythonIn(folder) };
}

function pythonIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** A folder of the cache made of `contents`: what is half made lies elsewhere until it is whole, since others may be at it as well. */
async function provide(kind: string, contents: unknown, make: (folder: string) => Promise<void>): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, `${kind}-${Bun.hash(JSON.stringify(contents)).toString(36)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, `.${kind}-`));
  try {
    await make(draft);
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

async function run(command: readonly string[], cwd: string): Promise<void> {
  const words = await attempt(command, cwd);
  if (words !== '') throw new Error(`${command.slice(0, 3).join(' ')} … failed:\n${words}`);
}

/** What a command says when it fails; nothing when it does not. */
async function attempt(command: readonly string[], cwd?: string): Promise<string> {
  const child = Bun.spawn([...command], {
    ...(cwd === undefined ? {} : { cwd }),
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const [code, stderr] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  return code === 0 ? '' : stderr.slice(-4_000) || `exit code ${code}`;
}

/** The folder of the npm packages, as the runner tells it. */
export function npmFolder(): string {
  const folder = process.env[NPM_FOLDER];
  if (folder === undefined) throw new Error('Run these tests with `bun run test:clients`, which installs the clients.');
  return folder;
}

/** The files of a package that was installed. */
export function packagePath(...path: readonly string[]): string {
  return join(npmFolder(), 'node_modules', ...path);
}

/** The one file or folder in a folder whose name is not known beforehand. */
export function onlyIn(folder: string): string {
  const names = readdirSync(folder);
  if (names.length !== 1) throw new Error(`${folder} holds ${names.join(', ')}`);
  return join(folder, names[0]!);
}
