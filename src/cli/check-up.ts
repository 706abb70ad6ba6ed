import type { CheckResult } from '../admin/account-checks.ts';
import type { AccountItem } from '../admin/account-item.ts';
import { asObject, asObjects, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import { effectiveAuthMode, listenHost } from '../config/exposure.ts';
import type { Settings } from '../config/settings.ts';
import type { CallAdmin } from './accounts-session.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './translate.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly about: string;
  /** `fail` is what keeps something from working. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly says: string;
  /** What to do; present unless all is well. */
  readonly advice?: string;
}

/** What the check-up looks at and with. */
export interface CheckUpPorts {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly call: CallAdmin;
  /** The rights of a file or folder as the last three octal digits; `undefined` when there is none, or the system has no such rights. */
  readonly rightsOf: (path: string) => number | undefined;
  readonly isWritable: (path: string) => boolean;
  /** Why an address cannot be bound; `undefined` when it can. */
  readonly bindFault: (host: string, port: number) => string | undefined;
  /** What is wrong with the owner's file of prices. */
  readonly pricesFault: string | undefined;
}

/** How the check-up was asked for. */
export interface CheckUpOptions {
  readonly json: boolean;
  readonly password?: string;
}

/** `trivium doctor`: looks at everything that can keep requests from being served. Fails when one of them does. */
export async function runCheckUp(options: CheckUpOptions, ports: CheckUpPorts): Promise<number> {
  const findings: Finding[] = [...checkAccess(ports.settings), ...checkFolder(ports)];
  if (ports.pricesFault !== undefined) {
    findings.push({
      about: 'prices',
      state: 'warn',
      says: `prices.json is passed over: ${ports.pricesFault}.`,
      advice: 'Mend the file or remove it; it is read at the start.',
    });
  }
  const gateway = await checkGateway(ports);
  findings.push(gateway.finding, ...(gateway.runs ? await checkAccounts(ports, options.password) : []));
  await ports.terminal.write(options.json ? `${JSON.stringify(findings, undefined, 2)}\n` : spell(findings));
  return findings.some(({ state }) => state === 'fail') ? EXIT.failed : EXIT.fine;
}

const SHORT_KEY = 24;

function checkAccess(settings: Settings): readonly Finding[] {
  const mode = effectiveAuthMode(settings);
  const isOpen = settings.allow_lan_access;
  if (isOpen && mode === 'off') {
    const says = 'Everyone in the network can use your accounts: LAN access is on and no key is asked.';
    return [{ about: 'exposure', state: 'fail', says, advice: 'Set auth_mode to auto, or allow_lan_access to false.' }];
  }
  const findings: Finding[] = [
    {
      about: 'exposure',
      state: 'ok',
      says: isOpen ? 'Other machines reach the gateway, with a key.' : 'Only this machine reaches the gateway.',
    },
  ];
  if (isOpen && settings.admin_password === undefined) {
    const says = 'On other machines the client key opens the pages and the admin API as well.';
    findings.push({ about: 'admin password', state: 'warn', says, advice: 'Set admin_password.' });
  }
  const key = settings.api_key?.reveal() ?? '';
  if (mode !== 'off' && key.length < SHORT_KEY) {
    const says = `The client key has ${key.length} characters and can be guessed.`;
    findings.push({ about: 'key', state: 'warn', says, advice: 'Set api_key to null, which makes a new one.' });
  }
  return findings;
}

function checkFolder({ settings, rightsOf, isWritable }: CheckUpPorts): readonly Finding[] {
  const folder = settings.data_dir;
  if (!isWritable(folder)) {
    const says = `The data folder ${folder} is not there or cannot be written.`;
    return [{ about: 'data folder', state: 'warn', says, advice: 'The first start makes it; else check its owner.' }];
  }
  const open = ['', '/vault.key', '/trivium.db'].flatMap((name): Finding[] => {
    const rights = rightsOf(folder + name);
    if (rights === undefined || (rights & 0o077) === 0) return [];
    const says = `Other users of this machine may read ${folder}${name}.`;
    const wanted = name === '' ? '700' : '600';
    return [{ about: 'data folder', state: 'warn', says, advice: `chmod ${wanted} ${folder}${name}` }];
  });
  return open.length > 0 ? open : [{ about: 'data folder', state: 'ok', says: folder }];
}

async function checkGateway(ports: CheckUpPorts): Promise<{ readonly finding: Finding; readonly runs: boolean }> {
  const { settings, bindFault } = ports;
  const url = addressOf(settings);
  const key = settings.api_key?.reveal();
  const headers: { [name: string]: string } = key === undefined ? {} : { 'x-api-key': key };
  const response = await ports.call(`${url}/healthz`, { method: 'GET', headers }).catch(() => undefined);
  const about = 'gateway';
  if (response === undefined) {
    const fault = bindFault(listenHost(settings), settings.port);
    const finding: Finding =
      fault === undefined
        ? { about, state: 'warn', says: `It does not run at ${url}; the port is free.`, advice: 'Start it: trivium' }
        : { about, state: 'fail', says: fault, advice: 'End the other program, or set another port.' };
    return { finding, runs: false };
  }
  const status = asString(asObject(tryParseJson(await response.text()))?.status);
  if (status === 'ok') return { finding: { about, state: 'ok', says: `It answers at ${url}.` }, runs: true };
  if (status === 'stopped') {
    const says = 'It runs, but its service is stopped: clients get 503.';
    return { finding: { about, state: 'fail', says, advice: `Start the service at ${url}/ui.` }, runs: true };
  }
  const says = `${url}/healthz answers ${response.status}, and not as this program does.`;
  const advice = 'Another program or other settings may be there: set another port, or look at trivium config.';
  return { finding: { about, state: 'fail', says, advice }, runs: response.status === 401 };
}

async function checkAccounts(ports: CheckUpPorts, password: string | undefined): Promise<readonly Finding[]> {
  const listed = await askAdmin(ports, password, 'GET', '');
  if (listed.status !== 200) {
    const says = asString(asObject(listed.body.error)?.message) ?? `The admin API answers ${listed.status}.`;
    return [{ about: 'accounts', state: 'warn', says, advice: 'Give the admin password: --password' }];
  }
  const items = asObjects(listed.body.items) as unknown as readonly AccountItem[];
  if (items.length === 0) {
    const says = 'There is no account, so that no request can be served.';
    return [{ about: 'accounts', state: 'fail', says, advice: `Add one at ${addressOf(ports.settings)}/ui/accounts.` }];
  }
  return Promise.all(items.map((item) => checkAccount(ports, password, item)));
}

async function checkAccount(ports: CheckUpPorts, password: string | undefined, item: AccountItem): Promise<Finding> {
  const about = `account ${item.name}`;
  if (!item.enabled) {
    return { about, state: 'warn', says: 'It is disabled.', advice: `trivium accounts enable ${item.name}` };
  }
  const { state, reason, until, advice } = item.status;
  if (state === 'cooling' || state === 'exhausted') {
    // a test that goes well would end the rest, and looking must not change what it looks at
    const says = `It is ${state}${until === null ? '' : ` until ${until}`}: ${reason ?? 'no reason given'}`;
    return { about, state: 'warn', says, advice: advice ?? 'Nothing to do: it comes back by itself.' };
  }
  const { body } = await askAdmin(ports, password, 'POST', `/${item.id}/test`);
  const check = body as unknown as CheckResult;
  if (check.ok !== true) {
    const says = check.error?.message ?? asString(asObject(body.error)?.message) ?? 'It could not be tried.';
    return { about, state: 'fail', says, advice: advice ?? 'Check its credential and its base URL.' };
  }
  return { about, state: 'ok', says: `It works (${check.duration_ms} ms).` };
}

async function askAdmin(
  ports: CheckUpPorts,
  password: string | undefined,
  method: string,
  path: string,
): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const headers: { [name: string]: string } = password === undefined ? {} : { authorization: `Bearer ${password}` };
  const url = `${addressOf(ports.settings)}/api/accounts${path}`;
  const response = await ports.call(url, { method, headers }).catch(() => undefined);
  if (response === undefined) return { status: 0, body: {} };
  return { status: response.status, body: asObject(tryParseJson(await response.text())) ?? {} };
}

function addressOf({ port }: Settings): string {
  return `http://127.0.0.1:${port}`;
}

function spell(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ about }) => about.length)) + 2;
  return findings
    .map(({ state, about, says, advice }) => {
      const next = advice === undefined ? '' : `${' '.repeat(6 + width)}→ ${advice}\n`;
      return `${state.padEnd(6)}${about.padEnd(width)}${says}\n${next}`;
    })
    .join('');
}
