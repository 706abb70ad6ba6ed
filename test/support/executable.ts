import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import type { AccountItem } from '../../src/admin/account-item.ts';
import { EXECUTABLE, provideExecutable } from './provide-executable.ts';

/** How a gateway is to be started. */
export interface GatewayOptions {
  /** Flags without their dashes: `{ 'auth-mode': 'strict' }`; `port: undefined` leaves the port to stored settings. */
  readonly flags?: { readonly [flag: string]: string | undefined };
  readonly environment?: { readonly [name: string]: string };
  /** The data folder; by default one of its own, which is gone afterwards. */
  readonly folder?: string;
  /** The folder it is started in; by default the parent of the data folder. */
  readonly startIn?: string;
}

/** What the admin API answered. */
export interface ApiAnswer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The built executable, running as a process of its own. Killed by `await using`, which also fails when it has logged a fault of its own. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** Calls a path of the gateway with a JSON body, and reads JSON. */
  api<T = unknown>(
    path: string,
    init?: { method?: string; body?: unknown; headers?: HeadersInit },
  ): Promise<ApiAnswer<T>>;
  /** Adds an account by the admin API. Throws when it is refused. */
  addAccount(body: { readonly [field: string]: unknown }): Promise<AccountItem>;
  /** Asks it to stop as a service manager does; resolves with the exit code. */
  stop(): Promise<number>;
  /** Ends it without a warning. */
  kill(): Promise<void>;
  /** Everything it has written to standard error so far. */
  stderr(): string;
  /** Resolves once standard error holds the text. Throws when the program ends before. */
  said(text: string | RegExp): Promise<void>;
}

/** Starts the built executable on a free port, with a clean environment, and waits until it says its address. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const home = mkdtempSync(join(tmpdir(), 'trivium-e2e-'));
  const folder = options.folder ?? join(home, 'data');
  const program = await runExecutable(['serve', ...writeFlags({ port: '0', 'data-dir': folder, ...options.flags })], {
    environment: { HOME: home, ...options.environment },
    startIn: options.startIn ?? home,
  });
  const removeHome = () => rmSync(home, { recursive: true, force: true });
  // what is looked at after the end is the data folder, which is elsewhere then
  if (options.folder !== undefined) void program.exited.then(removeHome);
  try {
    await program.said(/^ {2}data +\S.*\n/m);
  } catch (thrown) {
    removeHome();
    throw thrown;
  }
  const url = /address\s+(http:\S+)/.exec(program.stderr())![1]!;
  const api = async <T>(path: string, init: { method?: string; body?: unknown; headers?: HeadersInit } = {}) =>
    readAnswer<T>(
      await fetch(url + path, {
        method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
        headers: { 'content-type': 'application/json', ...(init.headers as { [name: string]: string }) },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      }),
    );
  return {
    url,
    port: Number(new URL(url).port),
    pid: program.pid,
    folder,
    exited: program.exited,
    api,
    addAccount: async (body) => {
      const { status, body: added } = await api<AccountItem>('/api/accounts', { body });
      if (status !== 201) throw new Error(`the account was refused: ${JSON.stringify(added)}`);
      return added;
    },
    stop: () => program.end('SIGTERM'),
    kill: async () => {
      await program.end('SIGKILL');
    },
    stderr: program.stderr,
    said: program.said,
    [Symbol.asyncDispose]: async () => {
      await program.end('SIGKILL');
      removeHome();
      const faults = findFaults(program.stderr());
      if (faults !== '') throw new Error(`the gateway logged faults of its own:\n${faults}`);
    },
  };
}

/** A run of the executable. */
export interface Program {
  readonly pid: number;
  readonly exited: Promise<number>;
  stdout(): Promise<string>;
  stderr(): string;
  said(text: string | RegExp): Promise<void>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number>;
}

/** Runs the built executable with these words, in an environment that holds nothing else. */
export async function runExecutable(
  words: readonly string[],
  options: {
    readonly environment?: { readonly [name: string]: string };
    readonly startIn?: string;
    readonly input?: string;
  } = {},
): Promise<Program> {
  await provideExecutable();
  const child = Bun.spawn([EXECUTABLE, ...words], {
    cwd: options.startIn ?? tmpdir(),
    env: { HOME: tmpdir(), ...options.environment },
    stdin: options.input === undefined ? 'ignore' : new Blob([options.input]),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const listener = listenTo(child);
  const stdout = new Response(child.stdout).text();
  return {
    pid: child.pid,
    // what was said last counts, so the end is told only when all of it was read
    exited: listener.ended.then(() => child.exited),
    stdout: () => stdout,
    stderr: listener.text,
    said: listener.said,
    end: async (signal) => {
      child.kill(signal);
      await listener.ended;
      return child.exited;
    },
  };
}

/** Runs the built executable to its end. */
export async function runToEnd(
  words: readonly string[],
  options: Parameters<typeof runExecutable>[1] = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const program = await runExecutable(words, options);
  const [code, stdout] = await Promise.all([program.exited, program.stdout()]);
  return { code, stdout, stderr: program.stderr() };
}

/** The lines that say that the program itself has failed. */
export function findFaults(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => /^\S+Z error /.test(line) || line.startsWith('Unexpected fault'))
    .join('\n');
}

function writeFlags(flags: { readonly [flag: string]: string | undefined }): string[] {
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value]));
}

async function readAnswer<T>(response: Response): Promise<ApiAnswer<T>> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}

/** Keeps what a program writes to standard error, and tells those who wait for a part of it. */
function listenTo(child: Subprocess<'ignore' | Blob, 'pipe', 'pipe'>) {
  let text = '';
  let over = false;
  const waiting = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of waiting) wake();
  };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of child.stderr) {
      text += decoder.decode(bytes, { stream: true });
      wakeAll();
    }
    over = true;
    wakeAll();
  };
  const ended = read();
  const said = (wanted: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const found = typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
        if (!found && !over) return;
        waiting.delete(look);
        if (found) resolve();
        else reject(new Error(`the program ended without saying ${wanted}:\n${text}`));
      };
      waiting.add(look);
      look();
    });
  return { text: () => text, ended, said };
}
