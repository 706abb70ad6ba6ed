import { readFile } from 'node:fs/promises';
import type { ImportedItem } from '../admin/import-accounts.ts';
import { asObjects, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import { environmentAccounts } from '../config/environment-accounts.ts';
import type { ExportOptions, ImportOptions } from './accounts-options.ts';
import { ask, Refused, type Session } from './accounts-session.ts';
import { EXIT } from './exit.ts';

/** `trivium accounts export`: all accounts as one file, to standard output. */
export async function exportAccounts(session: Session, options: ExportOptions): Promise<number> {
  const { terminal } = session;
  const body = options.clear ? { clear: true } : { passphrase: options.passphrase ?? (await askPassphrase(session)) };
  const file = await ask(session, 'POST', '/export', body);
  if (options.clear) terminal.tell(String(file.warning));
  await terminal.write(`${JSON.stringify(file, undefined, 2)}\n`);
  return EXIT.fine;
}

/** `trivium accounts import`: says of each account what became of it. Fails when one was refused. */
export async function importAccounts(session: Session, options: ImportOptions): Promise<number> {
  const { items: found } = await ask(session, 'POST', '/import', await readWanted(session, options));
  const items = asObjects(found) as unknown as readonly ImportedItem[];
  const { terminal } = session;
  if (options.json) await terminal.write(`${JSON.stringify(items, undefined, 2)}\n`);
  else if (items.length === 0) terminal.tell('There was nothing to import.');
  else await terminal.write(items.map(lineOf).join(''));
  return items.some(({ outcome }) => outcome === 'refused') ? EXIT.failed : EXIT.fine;
}

/** The text of a file. Throws `Refused`. */
export function readFileOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((thrown) => {
    throw new Refused(`${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  });
}

async function readWanted(session: Session, options: ImportOptions): Promise<JsonObject> {
  const replace = options.replace ? { replace: true } : {};
  if (options.env) return { ...readEnvironment(session), ...replace };
  const text = options.file === undefined ? await session.terminal.readAll() : await readFileOf(options.file);
  if (options.tokens !== undefined) return { ...options.tokens, text, ...replace };
  const file = tryParseJson(text);
  if (!isObject(file)) {
    throw new Refused('This is no exported file. For refresh tokens in a text, name their client: --client-id.');
  }
  const { passphrase } = options;
  if (isObject(file.sealed) && passphrase === undefined)
    throw new Refused('The file is sealed; give its --passphrase.');
  return { file, ...(passphrase === undefined ? {} : { passphrase }), ...replace };
}

/** The keys of this shell; where it has none, those that the gateway was started with. */
function readEnvironment({ environment }: Session): JsonObject {
  const accounts = environmentAccounts(environment ?? {}).map(({ name, provider, apiKey, variable }) => ({
    name,
    provider,
    credential: { type: 'api_key', api_key: apiKey },
    note: `from ${variable}`,
  }));
  return accounts.length === 0 ? { env: true } : { accounts };
}

async function askPassphrase({ terminal }: Session): Promise<string> {
  terminal.tell('The passphrase is read from standard input. (--clear writes the file without one.)');
  return (await terminal.readAll()).replace(/\r?\n$/, '');
}

function lineOf({ name, outcome, message, test }: ImportedItem): string {
  const found = test === undefined ? '' : ` ${describeTest(test)}`;
  return `${outcome}  ${name}: ${message}${found}\n`;
}

function describeTest({ ok, models, error }: ImportedItem['test'] & object): string {
  if (!ok) return `It does not work yet: ${error?.message ?? 'no reason given'}`;
  return models === undefined ? 'It works.' : `It works: ${models.length} models.`;
}
