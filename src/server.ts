import { systemClock } from './base/clock.ts';
import { runAccounts } from './cli/accounts.ts';
import type { AccountsOptions } from './cli/accounts-options.ts';
import { runCheckUp } from './cli/check-up.ts';
import { type Command, type Flags, readCommandLine, USAGE } from './cli/command-line.ts';
import { runConfig } from './cli/config.ts';
import { runConformance } from './cli/doctor.ts';
import { EXIT } from './cli/exit.ts';
import { runHealth } from './cli/health.ts';
import { runServe } from './cli/serve.ts';
import { processTerminal } from './cli/terminal.ts';
import { runTranslate, runTranslateBatch } from './cli/translate.ts';
import { processEnvironment, SettingError } from './config/resolve.ts';
import { readRecorded } from './embedded.ts';
import { isWritable, rightsOf } from './file-rights.ts';
import { BindError, bindFault } from './listen.ts';
import { openPrices } from './open-stores.ts';
import { startGateway } from './start.ts';
import { StoreError } from './store/store-error.ts';
import { openSettings } from './stored-settings.ts';
import { callNetwork } from './upstream/send.ts';
import { VERSION } from './version.ts';

/** `fetch` serves so many requests at once; the number is read when the process begins, so it begins anew with a larger one. */
const FETCH_LIMIT = 'BUN_CONFIG_MAX_HTTP_REQUESTS';

const terminal = processTerminal();
const command = readCommandLine(process.argv.slice(2));
if (command.name === 'serve') raiseFetchLimit();
process.exit(await run(command).catch(explainFault));

async function run(command: Command): Promise<number> {
  switch (command.name) {
    case 'serve':
      return runServe(() => startGateway(command.flags), terminal);
    case 'accounts':
      return accounts(command.options);
    case 'translate':
      return runTranslate(command.options, terminal, systemClock);
    case 'translate-batch':
      return runTranslateBatch(command.strict, terminal, systemClock);
    case 'config': {
      const { stored } = await openSettings(command.flags);
      return runConfig({ flags: command.flags, stored, json: command.json }, terminal);
    }
    case 'health':
      return health(command.flags);
    case 'doctor':
      return doctor(command);
    case 'conformance':
      return runConformance(command.json, terminal, readRecorded);
    case 'help':
      await terminal.write(USAGE);
      return EXIT.fine;
    case 'version':
      await terminal.write(`${VERSION}\n`);
      return EXIT.fine;
    case 'wrong':
      terminal.tell(`${command.message}\n\n${USAGE}`);
      return EXIT.wrongUsage;
    default:
      return command satisfies never;
  }
}

async function accounts(options: AccountsOptions): Promise<number> {
  const url = options.url ?? `http://127.0.0.1:${(await openSettings({})).resolved.values.port}`;
  return runAccounts(options, { url, terminal, call: callNetwork, environment: processEnvironment() });
}

async function health(flags: Flags): Promise<number> {
  const { resolved } = await openSettings(flags);
  return runHealth(resolved.values, terminal, (url, headers) => callNetwork(url, { headers }));
}

async function doctor(asked: Extract<Command, { name: 'doctor' }>): Promise<number> {
  const { resolved } = await openSettings(asked.flags);
  const folder = resolved.values.data_dir;
  return runCheckUp(asked, {
    settings: resolved.values,
    terminal,
    call: callNetwork,
    rightsOf,
    isWritable,
    bindFault,
    pricesFault: openPrices(folder).fault,
  });
}

function explainFault(thrown: unknown): number {
  if (thrown instanceof BindError) {
    terminal.tell(thrown.message);
    return EXIT.notBound;
  }
  if (thrown instanceof SettingError) {
    terminal.tell(thrown.message);
    return EXIT.wrongUsage;
  }
  terminal.tell(thrown instanceof StoreError ? thrown.message : `Unexpected fault: ${stackOf(thrown)}`);
  return EXIT.failed;
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function raiseFetchLimit(): void {
  if (process.env[FETCH_LIMIT] !== undefined || process.execve === undefined || process.platform === 'win32') return;
  const own = Bun.isStandaloneExecutable ? [] : [...process.execArgv, process.argv[1]!];
  const environment = { ...process.env, [FETCH_LIMIT]: '65535', NODE_ENV: process.env.NODE_ENV ?? 'production' };
  process.execve(process.execPath, [process.execPath, ...own, ...process.argv.slice(2)], environment);
}
