import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import type { ScriptedCall } from '../support/fake-upstream/scenario.ts';

/** What a program is to do in one run. */
export interface Visit {
  /** The root of the gateway. */
  readonly url: string;
  readonly model: string;
  readonly prompt: string;
  /** True: it goes on with the last conversation of its home. */
  readonly resume: boolean;
  readonly home: string;
}

/** How a program is started for a visit. */
export interface Launch {
  readonly command: readonly string[];
  readonly environment: { readonly [name: string]: string };
  /** Files it wants to find, by their path. */
  readonly files?: { readonly [path: string]: string };
}

/** A program for people, driven without a screen. */
export interface ClientProgram {
  readonly name: string;
  /** What it speaks to the gateway. */
  readonly dialect: DialectId;
  launch(visit: Visit): Launch;
  /** A call of its own tool that writes a file. */
  writeFile(path: string, content: string): ScriptedCall;
  /** A call of its own tool that shows the model a picture. */
  viewImage(path: string): ScriptedCall;
}

/** What a run has come to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place of its own for the conversations of one program: its home, and the folder it works in. */
export interface Home extends Disposable {
  readonly work: string;
  /** Runs the program to its end. Never throws for what it does. */
  run(visit: Omit<Visit, 'home' | 'resume'> & { readonly resume?: boolean }): Promise<Outcome>;
}

/** Milliseconds after which a program is ended that has not ended by itself. */
const PATIENCE_MS = 90_000;

/** Makes a home for a program. Gone by `using`. */
export function makeHome(program: ClientProgram): Home {
  const root = mkdtempSync(join(tmpdir(), 'trivium-client-'));
  const home = join(root, 'home');
  const work = join(root, 'work');
  const temporary = join(root, 'tmp');
  for (const folder of [home, work, temporary]) mkdirSync(folder);
  return {
    work,
    run: async (visit) => {
      const { command, environment, files = {} } = program.launch({ resume: false, ...visit, home });
      for (const [path, content] of Object.entries(files)) writeDeep(path, content);
      return await run(command, work, { ...plainEnvironment(home, temporary), ...environment });
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function writeDeep(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Nothing of the user's own environment; whoever tries to reach anything but this machine meets a proxy that is not there. */
function plainEnvironment(home: string, temporary: string): { readonly [name: string]: string } {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    TMPDIR: temporary,
    TERM: 'dumb',
    CI: '1',
    NO_COLOR: '1',
    LANG: 'C.UTF-8',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
    npm_config_registry: nowhere,
  };
}

async function run(
  command: readonly string[],
  cwd: string,
  environment: { readonly [name: string]: string },
): Promise<Outcome> {
  const child = Bun.spawn([...command], {
    cwd,
    env: { ...environment },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}
