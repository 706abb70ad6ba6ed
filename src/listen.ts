import { networkInterfaces } from 'node:os';
import type { Server } from 'bun';
import type { App } from './routes/index.ts';

/** An address that could not be bound; the message is the sentence the program ends with. */
export class BindError extends Error {
  override readonly name = 'BindError';
}

/** A listening server that can change its address without ending the program. */
export interface Listener {
  address(): { readonly host: string; readonly port: number };
  /** Listens at another address; requests that run at the old one go on. Throws `BindError`, keeping the old address. */
  move(host: string, port: number): void;
  /** Takes no new requests; running ones get `graceMs`, then they are cut. */
  close(graceMs: number): Promise<void>;
}

/** No body may be cut off before we can answer it in the client's dialect: our own limit is checked first. */
const MAX_BODY_BYTES = Number.MAX_SAFE_INTEGER;

/** Listens with an app. Throws `BindError`. */
export function listen(app: App, host: string, port: number): Listener {
  let server = bind(app, host, port);
  // servers at former addresses, while requests still run there
  const former = new Set<Server<unknown>>();
  const retire = (old: Server<unknown>) => {
    former.add(old);
    old.stop().finally(() => former.delete(old));
  };
  return {
    address: () => ({ host: server.hostname ?? host, port: server.port ?? port }),
    move: (newHost, newPort) => {
      const old = server;
      // the same port on another host cannot be bound while the old one holds it
      if (newPort === old.port) {
        const oldHost = old.hostname ?? host;
        retire(old);
        try {
          server = bind(app, newHost, newPort);
        } catch (thrown) {
          server = bind(app, oldHost, newPort);
          throw thrown;
        }
      } else {
        server = bind(app, newHost, newPort);
        retire(old);
      }
    },
    close: async (graceMs) => {
      const all = [server, ...former];
      const force = Bun.sleep(graceMs).then(() => Promise.all(all.map((one) => one.stop(true))));
      await Promise.race([Promise.all(all.map((one) => one.stop())), force]);
    },
  };
}

function bind(app: App, hostname: string, port: number): Server<unknown> {
  try {
    const server = Bun.serve({
      hostname,
      port,
      reusePort: false,
      // streams may be silent for minutes; the relay has limits of its own
      idleTimeout: 0,
      development: false,
      maxRequestBodySize: MAX_BODY_BYTES,
      fetch: app.fetch,
    });
    app.attach(server);
    return server as Server<unknown>;
  } catch (thrown) {
    throw new BindError(`cannot listen on ${hostname}:${port}: ${reasonOf(thrown)}. ${adviceFor(thrown, port)}`);
  }
}

/** Why an address cannot be bound, in a sentence; `undefined` when it can. */
export function bindFault(hostname: string, port: number): string | undefined {
  try {
    void Bun.serve({ hostname, port, reusePort: false, fetch: () => new Response() }).stop(true);
    return undefined;
  } catch (thrown) {
    return `cannot listen on ${hostname}:${port}: ${reasonOf(thrown)}.`;
  }
}

function reasonOf(thrown: unknown): string {
  const code = (thrown as { code?: string }).code;
  if (code === 'EADDRINUSE') return 'the port is in use';
  if (code === 'EACCES') return 'permission denied';
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function adviceFor(thrown: unknown, port: number): string {
  const code = (thrown as { code?: string }).code;
  if (code === 'EACCES') return 'Choose a port above 1023 with --port.';
  return `Is Trivium running already? Else choose another port, for instance --port ${port + 1}.`;
}

/** The addresses by which other machines reach this one. */
export function lanUrls(port: number): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && address.family === 'IPv4')
    .map((address) => `http://${address.address}:${port}`);
}
