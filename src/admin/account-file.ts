import type { Account, Credential } from '../base/account.ts';
import { asObjects, isObject, type JsonObject } from '../base/json.ts';
import { AdminError, missingField } from './admin-error.ts';
import { openWithPassphrase, sealWithPassphrase } from './seal-accounts.ts';

const FORMAT = 'trivium-accounts';
const VERSION = 1;
const SHORTEST_PASSPHRASE = 8;

/** How a file of accounts is to be protected. */
export type Protection = { readonly passphrase: string } | { readonly clear: true };

/** What a file in clear says of itself. */
export const CLEAR_WARNING = 'This file holds every credential in clear. Whoever reads it can use the accounts.';

/** Reads how an export is to be protected. Throws `AdminError` when neither a passphrase nor clear text was asked for. */
export function readProtection(passphrase: string | undefined, clear: boolean): Protection {
  if (passphrase !== undefined && passphrase !== '') {
    if ([...passphrase].length >= SHORTEST_PASSPHRASE) return { passphrase };
    const words = `passphrase must have at least ${SHORTEST_PASSPHRASE} characters.`;
    throw new AdminError('wrong_field', words, { field: 'passphrase', status: 400 });
  }
  if (clear) return { clear: true };
  const words =
    'An export is sealed: send a passphrase, in the header x-trivium-passphrase or as {"passphrase"}; or ask for clear text with clear=true.';
  throw new AdminError('missing_field', words, { field: 'passphrase', status: 400 });
}

/** Writes all accounts into one JSON file. */
export async function writeAccountFile(
  accounts: readonly Account[],
  protection: Protection,
  at: string,
): Promise<JsonObject> {
  const head = { format: FORMAT, version: VERSION, exported_at: at };
  const items = accounts.map(revealAccount);
  if ('passphrase' in protection) return { ...head, sealed: await sealWithPassphrase(items, protection.passphrase) };
  return { ...head, warning: CLEAR_WARNING, accounts: items };
}

/** The accounts of a file as bodies of `POST /api/accounts`; `undefined` for something else. Throws `AdminError`. */
export async function readAccountFile(
  file: JsonObject,
  passphrase: string | undefined,
): Promise<readonly JsonObject[] | undefined> {
  if (file.format !== FORMAT && !Array.isArray(file.accounts)) return undefined;
  if (file.format === FORMAT && file.version !== VERSION) {
    const words = `The file is of version ${String(file.version)}; this program reads version ${VERSION}.`;
    throw new AdminError('wrong_file', words, { status: 400 });
  }
  if (!isObject(file.sealed)) return asObjects(file.accounts);
  if (passphrase === undefined || passphrase === '') throw missingField('passphrase');
  return asObjects(await openWithPassphrase(file.sealed, passphrase));
}

/** An account in the words of `POST /api/accounts`, its secrets in clear: for sealing, and for owners who asked for it. */
export function revealAccount(account: Account): JsonObject {
  const { maxConcurrent, reservePercent, budget, baseUrl, proxyUrl, note } = account;
  return {
    name: account.name,
    provider: account.provider,
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    credential: revealCredential(account.credential),
    ...(account.modelsFixed ? { models: account.models } : {}),
    ...(account.dialects.length === 0 ? {} : { dialects: account.dialects }),
    enabled: account.enabled,
    priority: account.priority,
    weight: account.weight,
    ...(maxConcurrent === undefined ? {} : { max_concurrent: maxConcurrent }),
    ...(reservePercent === undefined ? {} : { reserve_percent: reservePercent }),
    ...(budget === undefined ? {} : { budget: revealBudget(budget) }),
    ...(proxyUrl === undefined ? {} : { proxy_url: proxyUrl }),
    ...(note === undefined ? {} : { note }),
  };
}

function revealBudget(budget: Account['budget'] & object): JsonObject {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(budget).map(([name, value]) => [snake(name), value]));
}

/** Access tokens stay behind: they run out within the hour. */
function revealCredential(credential: Credential): JsonObject {
  switch (credential.type) {
    case 'none':
      return { type: 'none' };
    case 'api_key':
      return { type: 'api_key', api_key: credential.apiKey.reveal() };
    case 'service_account':
      return { type: 'service_account', json: credential.json.reveal() };
    case 'oauth': {
      const { clientId, clientSecret, refreshToken, tokenUrl } = credential;
      return {
        type: 'oauth',
        client_id: clientId,
        ...(clientSecret === undefined ? {} : { client_secret: clientSecret.reveal() }),
        refresh_token: refreshToken.reveal(),
        ...(tokenUrl === undefined ? {} : { token_url: tokenUrl }),
      };
    }
    default:
      return credential satisfies never;
  }
}
