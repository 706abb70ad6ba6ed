import type { CheckResult } from '../admin/account-checks.ts';
import type { AccountItem } from '../admin/account-item.ts';
import { asObjects, type JsonObject } from '../base/json.ts';
import type { AccountsOptions, NewCredential } from './accounts-options.ts';
import { type AccountsPorts, ask, Refused, type Session } from './accounts-session.ts';
import { exportAccounts, importAccounts, readFileOf } from './accounts-transfer.ts';
import { EXIT } from './exit.ts';
import { signIn } from './sign-in.ts';

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
      return add(session, options.account, options.credential);
    case 'sign-in':
      return signIn(session, { ...options.account, credential: { ...options.credential } });
    case 'import':
      return importAccounts(session, options);
    case 'export':
      return exportAccounts(session, options);
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

async function add(session: Session, account: JsonObject, given: NewCredential): Promise<number> {
  const credential = await readCredential(session, account, given);
  const body = { ...account, ...(credential === undefined ? {} : { credential }), test: true };
  const added = (await ask(session, 'POST', '', body)) as unknown as AccountItem & { readonly test?: CheckResult };
  await session.terminal.write(writeTable([rowOf(added)]));
  if (added.test?.ok === false)
    session.terminal.tell(`It was added, but does not work yet: ${added.test.error?.message}`);
  return EXIT.fine;
}

/** The credential in the words of the admin API; what no flag gives is read from standard input, where no shell remembers it. */
async function readCredential(
  { terminal }: Session,
  { provider }: JsonObject,
  given: NewCredential,
): Promise<JsonObject | undefined> {
  if (given.type === 'service_account') return { type: given.type, json: await readFileOf(given.file) };
  const secret = given.type === 'oauth' ? given.refresh_token : given.api_key;
  if (secret === undefined && provider !== 'echo') {
    const what = given.type === 'oauth' ? 'The refresh token' : 'The API key';
    terminal.tell(
      `${what} is read from standard input${given.type === 'oauth' ? '.' : '; empty: the account has none.'}`,
    );
  }
  const text = (secret ?? (provider === 'echo' ? '' : await terminal.readAll())).trim();
  if (given.type === 'oauth') return { ...given, refresh_token: text };
  return text === '' ? undefined : { type: 'api_key', api_key: text };
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
