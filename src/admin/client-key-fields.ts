import type { ClientKey, KeyBudget } from '../base/client-key.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { readDollars } from '../base/money.ts';
import { unknownField, wrongField } from './admin-error.ts';
import { readFlag, readLine, readWhole, readWords } from './read-fields.ts';
import { readTime } from './read-query.ts';

type Settable = Partial<Omit<ClientKey, 'id' | 'hash' | 'hint' | 'createdAt'>>;

/** What a request sets of a client key. */
export interface ClientKeyFields {
  readonly set: Settable;
  /** Fields that are to have no value any more. */
  readonly cleared: readonly (keyof Settable)[];
}

interface FieldRule {
  readonly to: keyof Settable;
  /** True: null and empty text take the value away. */
  readonly clearable?: true;
  read(value: Json, field: string): unknown;
}

const LONGEST_NAME = 100;
const LONGEST_MODEL = 300;
const LONGEST_NOTE = 2000;
const LARGEST_COUNT = 1_000_000_000_000;
const COUNT = { min: 1, max: LARGEST_COUNT };

const RULES: { readonly [field: string]: FieldRule } = {
  name: { to: 'name', read: (value, field) => readLine(value, field, LONGEST_NAME) },
  models: {
    to: 'models',
    read: (value, field) => readWords(value, field, (one, at) => readLine(one, at, LONGEST_MODEL)),
  },
  requests_per_minute: {
    to: 'requestsPerMinute',
    clearable: true,
    read: (value, field) => readWhole(value, field, COUNT),
  },
  tokens_per_minute: { to: 'tokensPerMinute', clearable: true, read: (value, field) => readWhole(value, field, COUNT) },
  budget: { to: 'budget', clearable: true, read: readBudget },
  expires_at: { to: 'expiresAt', clearable: true, read: readExpiry },
  enabled: { to: 'enabled', read: readFlag },
  note: { to: 'note', clearable: true, read: readNote },
};

const BUDGET_FIELDS = {
  requests_per_day: 'requestsPerDay',
  requests_per_month: 'requestsPerMonth',
  tokens_per_day: 'tokensPerDay',
  tokens_per_month: 'tokensPerMonth',
  usd_per_day: 'costPerDay',
  usd_per_month: 'costPerMonth',
} as const;

/** The names of a budget's figures in the admin API, and in the key. */
export const KEY_BUDGET_FIELDS: { readonly [name: string]: keyof KeyBudget } = BUDGET_FIELDS;

/** The fields of an item that a change may repeat without meaning anything by it. */
const READ_ONLY = new Set(['id', 'key', 'state', 'created_at', 'usage_today', 'usage_month']);

/** Reads the fields of a client key. Throws `AdminError`. */
export function readClientKeyFields(body: JsonObject, options: { readonly isPatch: boolean }): ClientKeyFields {
  const set: { [field: string]: unknown } = {};
  const cleared: (keyof Settable)[] = [];
  for (const [field, value] of Object.entries(body)) {
    if (value === undefined || (options.isPatch && READ_ONLY.has(field))) continue;
    const rule = Object.hasOwn(RULES, field) ? RULES[field] : undefined;
    if (rule === undefined) throw unknownField(field, Object.keys(RULES));
    if (rule.clearable && (value === null || value === '')) cleared.push(rule.to);
    else set[rule.to] = rule.read(value, field);
  }
  return { set, cleared };
}

function readBudget(value: Json, field: string): KeyBudget {
  if (!isObject(value)) throw wrongField(field, 'an object');
  const budget: { [figure: string]: number } = {};
  for (const [name, figure] of Object.entries(value)) {
    const to = Object.hasOwn(BUDGET_FIELDS, name) ? BUDGET_FIELDS[name as keyof typeof BUDGET_FIELDS] : undefined;
    if (to === undefined) throw unknownField(`${field}.${name}`, Object.keys(BUDGET_FIELDS));
    if (figure === null || figure === undefined) continue;
    budget[to] = name.startsWith('usd')
      ? readAmount(figure, `${field}.${name}`)
      : readWhole(figure, `${field}.${name}`, { min: 0, max: LARGEST_COUNT });
  }
  return budget;
}

function readAmount(value: Json, field: string): number {
  const amount = typeof value === 'string' || typeof value === 'number' ? readDollars(String(value)) : undefined;
  if (amount === undefined) throw wrongField(field, 'an amount in US dollars such as "12.50"');
  return amount;
}

function readExpiry(value: Json, field: string): number {
  const time = typeof value === 'string' ? readTime(value, field) : undefined;
  if (time === undefined) throw wrongField(field, 'a time such as 2026-01-31T12:00:00Z');
  return time;
}

function readNote(value: Json, field: string): string {
  if (typeof value === 'string' && value.length <= LONGEST_NOTE) return value;
  throw wrongField(field, `text of at most ${LONGEST_NOTE} characters`);
}
