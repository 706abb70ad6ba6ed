import type { CheckResult } from '../admin/account-checks.ts';
import type { AccountItem } from '../admin/account-item.ts';
import { asObject, asObjects, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import type { AccountsOptions } from './accounts-options.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './translate.ts';

/** Calls the admin API of the running gateway. */
export type CallAdmin = (
  url: string,
  init: { readonly method: string; readonly headers: { readonly [name: string]: string }; readonly body?: string },
) => Promise<Response>;

/** What `trivium accounts` works with. */
export interface AccountsPorts {
  /** The gateway's address, without a path. */
  readonly url: string;
  readonly terminal: Terminal;
  readonly call: CallAdmin;
}

/** A wish that the gateway did not grant; the message is for people. */
class Refused extends Error {
  override readonly name = 'Refused';
}

interface Session extends AccountsPorts {
  readonly options: AccountsOptions;
}

/** `trivium accounts`: the pool, through the admin API of the running gateway. */
export async function runAccounts(options: AccountsOptions, ports: AccountsPorts): Promise<number> {
  const session: Session = { ...ports, options };
  try {
    return await act(session);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    ports.terminal.tell(thrown.message);
    return EXIT.failed;
  }
}

function act(session: Session): Promise<number> {
  const { options } = session;
  switch (options.action) {
    case 'list':
      return list(session);
    case 'add':
      return add(session, options.account);
    case 'remove':
      return remove(session, options.target);
    case 'enable':
    case 'disable':
      return change(session, options.target, { enabled: options.action === 'enable' });
    case 'test':
      return test(session, options.target);
    default:
      return options satisfies never;
  }
}

async function list(session: Session): Promise<number> {
  const items = await readAccounts(session);
  const asJson = 'json' in session.options && session.options.json;
  await session.terminal.write(asJson ? `${JSON.stringify(items, undefined, 2)}\n` : writeTable(items.map(rowOf)));
  return EXIT.fine;
}

async function add(session: Session, account: JsonObject): Promise<number> {
  const { terminal } = session;
  const given = asString(account.api_key);
  if (given === undefined && account.provider !== 'echo') {
    terminal.tell('The API key is read from standard input; empty: the account has none.');
  }
  const key = (given ?? (account.provider === 'echo' ? '' : await terminal.readAll())).trim();
  const { api_key: _, ...rest } = account;
  const body = key === '' ? rest : { ...rest, credential: { type: 'api_key', api_key: key } };
  await terminal.write(writeTable([rowOf((await ask(session, 'POST', '', body)) as unknown as AccountItem)]));
  return EXIT.fine;
}

async function remove(session: Session, target: string): Promise<number> {
  const { id, name } = await find(session, target);
  await ask(session, 'DELETE', `/${id}`);
  session.terminal.tell(`The account "${name}" was removed.`);
  return EXIT.fine;
}

async function change(session: Session, target: string, body: JsonObject): Promise<number> {
  const { id } = await find(session, target);
  const changed = await ask(session, 'PATCH', `/${id}`, body);
  await session.terminal.write(writeTable([rowOf(changed as unknown as AccountItem)]));
  return EXIT.fine;
}

async function test(session: Session, target: string): Promise<number> {
  const { id, name } = await find(session, target);
  const result = (await ask(session, 'POST', `/${id}/test`)) as unknown as CheckResult;
  if (!result.ok)
    throw new Refused(`The account "${name}" does not work: ${result.error?.message ?? 'no reason given'}`);
  const models = result.models === undefined ? '' : `, ${countModels(result.models)}`;
  session.terminal.tell(`The account "${name}" works (${result.duration_ms} ms${models}).`);
  return EXIT.fine;
}

async function find(session: Session, target: string): Promise<AccountItem> {
  const items = await readAccounts(session);
  const found = items.find((item) => item.id === target) ?? items.find((item) => item.name === target);
  if (found !== undefined) return found;
  const names = items.map((item) => item.name).join(', ');
  throw new Refused(`There is no account "${target}". There ${names === '' ? 'is none at all' : `are: ${names}`}.`);
}

async function readAccounts(session: Session): Promise<readonly AccountItem[]> {
  return asObjects((await ask(session, 'GET', '')).items) as unknown as readonly AccountItem[];
}

/** The gateway's answer. Throws `Refused` with the gateway's own words. */
async function ask(session: Session, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const { url, call, options } = session;
  const headers = {
    'content-type': 'application/json',
    ...(options.password === undefined ? {} : { authorization: `Bearer ${options.password}` }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await call(`${url}/api/accounts${path}`, { method, headers, ...sent }).catch((thrown) => {
    throw new Refused(`${url} does not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  });
  const answer = asObject(tryParseJson(await response.text())) ?? {};
  if (response.ok) return answer;
  const words = asString(asObject(answer.error)?.message) ?? `${url} answers ${response.status}.`;
  throw new Refused(response.status === 401 ? `${words} Here: --password.` : words);
}

function rowOf({ id, name, provider, status, models }: AccountItem): readonly string[] {
  const rest = status.until === null ? '' : ` until ${status.until}`;
  return [id, name, provider, status.state + rest, countModels(models)];
}

function countModels(models: readonly string[]): string {
  return models.length === 1 ? '1 model' : `${models.length} models`;
}

/** Rows as columns, each as wide as its widest. */
function writeTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]!.length))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((text, at) => text.padEnd(widths[at]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
