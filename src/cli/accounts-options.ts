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
    | { readonly action: 'add'; readonly account: JsonObject }
    | { readonly action: 'remove' | 'enable' | 'disable' | 'test'; readonly target: string }
  );

const REACH = { url: { type: 'string' }, password: { type: 'string' } } as const;

const ADD = {
  ...REACH,
  name: { type: 'string' },
  provider: { type: 'string' },
  'api-key': { type: 'string' },
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
      return { action, account: accountOf(values), ...reachOf(values) };
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
      throw new Error('"accounts" needs one of list, add, remove, enable, disable or test.');
  }
}

function reachOf({ url, password }: { readonly url?: string; readonly password?: string }): Reach {
  return {
    ...(url === undefined ? {} : { url: url.replace(/\/+$/, '') }),
    ...(password === undefined ? {} : { password }),
  };
}

/** The account in the words of the admin API; its key, if any, still stands beside the other fields. */
function accountOf(values: { readonly [K in keyof typeof ADD]?: string }): JsonObject {
  const { name, provider, 'api-key': key, 'base-url': baseUrl, models } = values;
  return {
    ...(name === undefined ? {} : { name }),
    ...(provider === undefined ? {} : { provider }),
    ...(key === undefined ? {} : { api_key: key }),
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
