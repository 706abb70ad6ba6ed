import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process under measurement. */
export interface Measured {
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from its start to its first answer. */
  readonly startMs: number;
  stop(): Promise<void>;
}

const here = import.meta.dir;

/** Starts a helper process that prints its port. */
export async function startHelper(file: string, ...words: string[]): Promise<Measured> {
  const child = Bun.spawn(['bun', join(here, file), ...words], {
    stdout: 'pipe',
    stderr: 'inherit',
    env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: '65535' },
  });
  const reader = child.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value).trim());
  return { port, pid: child.pid, startMs: 0, stop: () => end(child) };
}

/** Starts the built executable on a new data folder, with default settings. */
export async function startExecutable(file: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-bench-'));
  const port = await freePort();
  const startedAt = performance.now();
  const child = Bun.spawn([file, '--port', String(port), '--data-dir', folder], {
    stdout: 'ignore',
    stderr: 'ignore',
    env: { PATH: process.env.PATH ?? '' },
  });
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answered?.ok) break;
    if (performance.now() - startedAt > 20_000) throw new Error('the executable does not answer');
    await Bun.sleep(2);
  }
  const startMs = performance.now() - startedAt;
  return {
    port,
    pid: child.pid,
    startMs,
    stop: async () => {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Adds an account that serves the models of a dialect from the mock. */
export async function addAccount(gateway: Measured, account: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/accounts`, {
    method: 'POST',
    body: JSON.stringify(account),
  });
  if (response.status !== 201) throw new Error(`adding an account failed: ${await response.text()}`);
}

async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return port!;
}

async function end(child: Bun.Subprocess): Promise<void> {
  child.kill('SIGKILL');
  await child.exited;
}
