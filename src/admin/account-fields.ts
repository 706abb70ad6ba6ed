import type { Account, Budget, ProviderId } from '../base/account.ts';
import { PROVIDER_IDS } from '../base/account.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { readProxyUrl } from '../config/addresses.ts';
import { looksMasked } from './account-credential.ts';
import { unknownField, wrongField } from './admin-error.ts';
import { readChoice, readFlag, readLine, readNumber, readWhole, readWords } from './read-fields.ts';

/** What a request sets of an account, but for its credential. */
export interface AccountFields {
  readonly set: Partial<Omit<Account, 'id' | 'credential' | 'createdAt' | 'modelsFixed'>>;
  /** Fields that are to have no value any more. */
  readonly cleared: readonly (keyof Account)[];
}

interface FieldRule {
  readonly to: keyof AccountFields['set'];
  /** True: null and empty text take the value away. */
  readonly clearable?: true;
  read(value: Json, field: string): AccountFields['set'][keyof AccountFields['set']];
}

const LONGEST_NAME = 100;
const LONGEST_MODEL = 300;
const LONGEST_NOTE = 2000;
const LARGEST_COUNT = 1_000_000_000_000;

const RULES: { readonly [field: string]: FieldRule } = {
  name: { to: 'name', read: (value, field) => readLine(value, field, LONGEST_NAME) },
  provider: { to: 'provider', read: (value, field): ProviderId => readChoice(value, field, PROVIDER_IDS) },
  base_url: { to: 'baseUrl', clearable: true, read: readBaseUrl },
  models: {
    to: 'models',
    clearable: true,
    read: (value, field) => readWords(value, field, (one, at) => readLine(one, at, LONGEST_MODEL)),
  },
  dialects: {
    to: 'dialects',
    clearable: true,
    read: (value, field) => readWords(value, field, (one, at) => readLine(one, at, LONGEST_NAME)),
  },
  priority: { to: 'priority', read: (value, field) => readNumber(value, field, { min: -1e6, max: 1e6 }) },
  weight: { to: 'weight', read: (value, field) => readNumber(value, field, { min: 1, max: 1000 }) },
  max_concurrent: {
    to: 'maxConcurrent',
    clearable: true,
    read: (value, field) => readWhole(value, field, { min: 1, max: 100_000 }),
  },
  enabled: { to: 'enabled', read: readFlag },
  reserve_percent: {
    to: 'reservePercent',
    clearable: true,
    read: (value, field) => readNumber(value, field, { min: 0, max: 100 }),
  },
  budget: { to: 'budget', clearable: true, read: readBudget },
  proxy_url: { to: 'proxyUrl', clearable: true, read: readProxy },
  note: { to: 'note', clearable: true, read: readNote },
};

/** The fields of an item that a request may repeat without meaning anything by it. */
const READ_ONLY = new Set([
  'id',
  'status',
  'quota',
  'usage_today',
  'last_used_at',
  'last_error',
  'created_at',
  'models_fixed',
]);

/** Reads all fields but `credential`. Null is as good as absent where a field cannot be cleared. Throws `AdminError`. */
export function readAccountFields(body: JsonObject, options: { readonly isPatch: boolean }): AccountFields {
  const set: { [field: string]: unknown } = {};
  const cleared: (keyof Account)[] = [];
  for (const [field, value] of Object.entries(body)) {
    if (field === 'credential' || value === undefined || (options.isPatch && READ_ONLY.has(field))) continue;
    const rule = Object.hasOwn(RULES, field) ? RULES[field] : undefined;
    if (rule === undefined) throw unknownField(field, [...Object.keys(RULES), 'credential']);
    if (rule.clearable && (value === null || value === '')) cleared.push(rule.to);
    else if (value !== null || options.isPatch) set[rule.to] = rule.read(value, field);
  }
  return { set, cleared };
}

function readBaseUrl(value: Json, field: string): string {
  const text = readLine(value, field, 2000);
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw wrongField(field, 'a URL that starts with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw wrongField(field, 'a URL without a user name and password; the credential goes into "credential"');
  }
  if (url.search !== '' || url.hash !== '') throw wrongField(field, 'a URL without "?" and "#"');
  return text.replace(/\/+$/, '');
}

function readBudget(value: Json, field: string): Budget {
  if (!isObject(value)) throw wrongField(field, 'an object');
  const names = { requests_per_day: 'requestsPerDay', tokens_per_day: 'tokensPerDay' } as const;
  const budget: { -readonly [K in keyof Budget]: Budget[K] } = {};
  for (const [name, figure] of Object.entries(value)) {
    const to = Object.hasOwn(names, name) ? names[name as keyof typeof names] : undefined;
    if (to === undefined) throw unknownField(`${field}.${name}`, Object.keys(names));
    if (figure !== null && figure !== undefined) {
      budget[to] = readWhole(figure, `${field}.${name}`, { min: 0, max: LARGEST_COUNT });
    }
  }
  return budget;
}

function readProxy(value: Json, field: string): string {
  const url = typeof value === 'string' && !looksMasked(value) ? readProxyUrl(value) : undefined;
  if (url === undefined) throw wrongField(field, 'a URL such as http://proxy:8080, https://… or socks5://…');
  return url;
}

function readNote(value: Json, field: string): string {
  if (typeof value === 'string' && value.length <= LONGEST_NOTE) return value;
  throw wrongField(field, `text of at most ${LONGEST_NOTE} characters`);
}
