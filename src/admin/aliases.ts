import type { Account } from '../base/account.ts';
import { PROVIDER_IDS } from '../base/account.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Alias, AliasTarget } from '../pool/alias.ts';
import type { AliasStore } from '../store/aliases.ts';
import { missingField, unknownField, wrongField } from './admin-error.ts';
import { type Page, readChoice, readFlag, readLine, wholePage } from './read-fields.ts';

/** What an owner can do with aliases. */
export interface AliasesAdmin {
  list(): Page<Alias>;
  /**
   * Replaces the whole list by the body: a list of aliases, or an object with it as `items`. Checked whole, and on the disk when
   * the call has returned. Throws `AdminError`.
   */
  replace(body: unknown): Page<Alias>;
}

/** What the operations on aliases work with. */
export interface AliasesParts {
  readonly store: AliasStore;
  readonly accounts: () => readonly Account[];
  /** Told of the new list. */
  readonly onChange?: (aliases: readonly Alias[]) => void;
}

const LONGEST = 300;
const MOST = 1000;

/** Makes the operations on aliases. */
export function createAliasesAdmin({ store, accounts, onChange }: AliasesParts): AliasesAdmin {
  return {
    list: () => wholePage(store.list()),
    replace: (body) => {
      const list = readAliases(body, { accounts: accounts(), before: store.list() });
      store.replace(list);
      onChange?.(list);
      return wholePage(list);
    },
  };
}

/** What a target's account may be. */
interface Known {
  readonly accounts: readonly Account[];
  readonly before: readonly Alias[];
}

function readAliases(body: unknown, known: Known): readonly Alias[] {
  const given = isObject(body) ? body.items : body;
  if (!Array.isArray(given) || given.length > MOST) throw wrongField('items', `a list of at most ${MOST} aliases`);
  const list = given.map((one, at) => readAlias(one, `items[${at}]`, known));
  const seen = new Set<string>();
  for (const [at, { name }] of list.entries()) {
    if (seen.has(name)) throw wrongField(`items[${at}].name`, 'another one: each name stands once');
    seen.add(name);
  }
  return list;
}

function readAlias(value: unknown, field: string, known: Known): Alias {
  const given = readPart(value, field, ['name', 'targets', 'strict']);
  const { targets, strict } = given;
  if (given.name === undefined) throw missingField(`${field}.name`);
  if (!Array.isArray(targets) || targets.length === 0) {
    throw wrongField(`${field}.targets`, 'a list of at least one target');
  }
  const isStrict = strict !== undefined && strict !== null && readFlag(strict, `${field}.strict`);
  return {
    name: readLine(given.name, `${field}.name`, LONGEST),
    targets: targets.map((one, at) => readTarget(one, `${field}.targets[${at}]`, known)),
    ...(isStrict ? { strict: true } : {}),
  };
}

function readTarget(value: unknown, field: string, known: Known): AliasTarget {
  const { model, provider, account } = readPart(value, field, ['model', 'provider', 'account']);
  if (model === undefined) throw missingField(`${field}.model`);
  return {
    model: readLine(model, `${field}.model`, LONGEST),
    ...(isAbsent(provider) ? {} : { provider: readChoice(provider, `${field}.provider`, PROVIDER_IDS) }),
    ...(isAbsent(account) ? {} : { account: readAccount(account, `${field}.account`, known) }),
  };
}

/**
 * An account is named by its id or name; the id is kept, so that it may be renamed. A removed one may stay where it was, or no
 * other alias could be changed.
 */
function readAccount(value: Json | undefined, field: string, { accounts, before }: Known): string {
  const found = accounts.find((one) => one.id === value) ?? accounts.find((one) => one.name === value);
  if (found !== undefined) return found.id;
  const stood = before.flatMap((alias) => alias.targets).find((target) => target.account === value)?.account;
  if (stood === undefined) throw wrongField(field, 'the id or name of an account');
  return stood;
}

function readPart(value: unknown, field: string, known: readonly string[]): JsonObject {
  if (!isObject(value)) throw wrongField(field, 'an object');
  const stray = Object.keys(value).find((name) => !known.includes(name));
  if (stray !== undefined) throw unknownField(`${field}.${stray}`, known);
  return value;
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}
