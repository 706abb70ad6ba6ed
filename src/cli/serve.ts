import { EXIT } from './exit.ts';
import type { Terminal } from './translate.ts';

/** A running gateway, as the command line needs to see it. */
export interface RunningGateway {
  readonly version: string;
  readonly url: string;
  readonly uiUrl: string;
  /** Addresses for other machines; none while the LAN is shut out. */
  readonly lanUrls: readonly string[];
  readonly accounts: number;
  readonly dataFolder: string;
  /** Sentences that an owner should read at the start. */
  readonly notes: readonly string[];
  /** Takes no new requests, lets running streams end for a while, writes everything down. */
  stop(): Promise<void>;
}

/** `trivium serve`: starts, says where, and runs until a signal ends it. A second signal ends it at once. */
export async function runServe(start: () => Promise<RunningGateway>, terminal: Terminal): Promise<number> {
  const gateway = await start();
  for (const line of describe(gateway)) terminal.tell(line);
  await untilSignal(() => process.exit(EXIT.failed));
  terminal.tell('stopping: running streams get up to 10 s');
  await gateway.stop();
  return EXIT.fine;
}

function describe(gateway: RunningGateway): string[] {
  const { version, url, uiUrl, lanUrls, accounts, dataFolder, notes } = gateway;
  return [
    `Trivium ${version}`,
    `  address   ${url}`,
    ...lanUrls.map((lan) => `            ${lan}`),
    `  UI        ${uiUrl}`,
    `  accounts  ${accounts}`,
    `  data      ${dataFolder}`,
    ...notes,
  ];
}

function untilSignal(onSecond: () => void): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        signals++;
        if (signals === 1) resolve();
        else onSecond();
      });
    }
  });
}
