import { parseArgs } from 'node:util';
import type { JsonObject } from '../base/json.ts';

/** Where the gateway is, and what lets the owner in. */
interface Reach {
  readonly url?: string;
  readonly password?: string;
}

/** What `trivium accounts` is to do; `target` is an id or a name. */
export type AccountsOptions = Reach &
  (
    | { readonly action: 'list'; readonly json: boolean }
    | { readonly action: 'add'; readonly account: JsonObject; readonly credential: NewCredential }
    | { readonly action: 'sign-in'; readonly account: JsonObject; readonly credential: NewCredential }
    | ImportOptions
    | ExportOptions
    | { readonly action: 'remove' | 'enable' | 'disable' | 'test'; readonly target: string }
  );

/** How a new account proves itself; a secret that is absent is read from standard input. */
export type NewCredential =
  | { readonly type: 'api_key'; readonly api_key?: string }
  | {
      readonly type: 'oauth';
      readonly client_id: string;
      readonly client_secret?: string;
      readonly refresh_token?: string;
      readonly token_url?: string;
    }
  | { readonly type: 'service_account'; readonly file: string };

/** From where accounts are imported; without a file from standard input. */
export interface ImportOptions {
  readonly action: 'import';
  readonly file?: string;
  readonly env: boolean;
  readonly replace: boolean;
  readonly passphrase?: string;
  /** Set for refresh tokens in a text: what they have in common. */
  readonly tokens?: JsonObject;
  readonly json: boolean;
}

/** How accounts are exported. */
export interface ExportOptions {
  readonly action: 'export';
  readonly clear: boolean;
  readonly passphrase?: string;
}

const REACH = { url: { type: 'string' }, password: { type: 'string' } } as const;

const ADD = {
  ...REACH,
  name: { type: 'string' },
  provider: { type: 'string' },
  'api-key': { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
  'refresh-token': { type: 'string' },
  'token-url': { type: 'string' },
  'sign-in': { type: 'boolean' },
  'service-account': { type: 'string' },
  'base-url': { type: 'string' },
  models: { type: 'string' },
} as const;

/** Reads the words after `accounts`. Throws an `Error` in words for people. */
export function readAccountsOptions(words: readonly string[]): AccountsOptions {
  const [action, ...args] = words;
  switch (action) {
    case 'list': {
      const { values } = parseArgs({ args, options: { ...REACH, json: { type: 'boolean' } }, strict: true });
      return { action, json: values.json === true, ...reachOf(values) };
    }
    case 'add': {
      const { values } = parseArgs({ args, options: ADD, strict: true });
      if (values.name === undefined || values.provider === undefined) {
        throw new Error('"accounts add" needs --name and --provider.');
      }
      const { 'sign-in': signsIn, ...words } = values;
      const credential = credentialOf(words);
      if (signsIn === true && credential.type !== 'oauth') throw new Error('"--sign-in" needs your own --client-id.');
      return {
        action: signsIn === true ? 'sign-in' : action,
        account: accountOf(words),
        credential,
        ...reachOf(words),
      };
    }
    case 'import':
      return readImport(args);
    case 'export': {
      const options = { ...REACH, clear: { type: 'boolean' }, passphrase: { type: 'string' } } as const;
      const { values } = parseArgs({ args, options, strict: true });
      const { passphrase, clear } = values;
      return { action, clear: clear === true, ...(passphrase === undefined ? {} : { passphrase }), ...reachOf(values) };
    }
    case 'remove':
    case 'enable':
    case 'disable':
    case 'test': {
      const { values, positionals } = parseArgs({ args, options: REACH, allowPositionals: true, strict: true });
      const [target, ...more] = positionals;
      if (target === undefined) throw new Error(`"accounts ${action}" needs the name or id of an account.`);
      if (more.length > 0) throw new Error(`"${more[0]}" is one word too many.`);
      return { action, target, ...reachOf(values) };
    }
    default:
      throw new Error('"accounts" needs one of list, add, remove, enable, disable, test, import or export.');
  }
}

const IMPORT = {
  ...REACH,
  env: { type: 'boolean' },
  replace: { type: 'boolean' },
  json: { type: 'boolean' },
  passphrase: { type: 'string' },
  name: { type: 'string' },
  provider: { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
  'token-url': { type: 'string' },
  'base-url': { type: 'string' },
} as const;

function readImport(args: readonly string[]): AccountsOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: IMPORT, allowPositionals: true, strict: true });
  const [file, ...more] = positionals;
  if (more.length > 0) throw new Error(`"${more[0]}" is one word too many.`);
  const { passphrase, name, provider } = values;
  const tokens = {
    client_id: values['client-id'],
    client_secret: values['client-secret'],
    token_url: values['token-url'],
    base_url: values['base-url'],
    name,
    provider,
  };
  return {
    action: 'import',
    env: values.env === true,
    replace: values.replace === true,
    json: values.json === true,
    ...(file === undefined ? {} : { file }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(values['client-id'] === undefined ? {} : { tokens }),
    ...reachOf(values),
  };
}

function credentialOf(values: { readonly [K in Exclude<keyof typeof ADD, 'sign-in'>]?: string }): NewCredential {
  const { 'client-id': id, 'client-secret': secret, 'refresh-token': token, 'token-url': url } = values;
  const { 'service-account': file, 'api-key': key } = values;
  if (file !== undefined) return { type: 'service_account', file };
  if (id !== undefined) {
    return {
      type: 'oauth',
      client_id: id,
      ...(secret === undefined ? {} : { client_secret: secret }),
      ...(token === undefined ? {} : { refresh_token: token }),
      ...(url === undefined ? {} : { token_url: url }),
    };
  }
  if (token !== undefined) throw new Error('A refresh token needs the client it was made for: --client-id.');
  return { type: 'api_key', ...(key === undefined ? {} : { api_key: key }) };
}

function reachOf({ url, password }: { readonly url?: string; readonly password?: string }): Reach {
  return {
    ...(url === undefined ? {} : { url: url.replace(/\/+$/, '') }),
    ...(password === undefined ? {} : { password }),
  };
}

/** The account in the words of the admin API, but for its credential. */
function accountOf(values: { readonly [K in Exclude<keyof typeof ADD, 'sign-in'>]?: string }): JsonObject {
  const { name, provider, 'base-url': baseUrl, models } = values;
  return {
    ...(name === undefined ? {} : { name }),
    ...(provider === undefined ? {} : { provider }),
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(models === undefined
      ? {}
      : {
          models: models
            .split(',')
            .map((model) => model.trim())
            .filter((model) => model !== ''),
        }),
  };
}
