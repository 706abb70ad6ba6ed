import { asc } from 'drizzle-orm';
import { PROVIDER_IDS } from '../base/account.ts';
import { asObjects, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Alias, AliasTarget } from '../pool/alias.ts';
import type { StoreDatabase } from './database.ts';
import { aliases } from './schema.ts';

/** The aliases at rest, in their owner's order. */
export interface AliasStore {
  list(): readonly Alias[];
  /** Replaces the whole list; it is on the disk when the call has returned. */
  replace(list: readonly Alias[]): void;
}

/** Opens the table of aliases. */
export function createAliasStore(database: StoreDatabase): AliasStore {
  const { tables } = database;
  return {
    list: () => tables.select().from(aliases).orderBy(asc(aliases.position)).all().flatMap(readAlias),
    replace: (list) =>
      database.durably(() => {
        tables.delete(aliases).run();
        for (const [position, { name, targets, strict = false }] of list.entries()) {
          tables
            .insert(aliases)
            .values({ position, name, targets: JSON.stringify(targets), strict })
            .run();
        }
      }),
  };
}

function readAlias(row: typeof aliases.$inferSelect): readonly Alias[] {
  const targets = asObjects(tryParseJson(row.targets)).flatMap(readTarget);
  return targets.length === 0 ? [] : [{ name: row.name, targets, ...(row.strict ? { strict: true } : {}) }];
}

function readTarget(value: JsonObject): readonly AliasTarget[] {
  const model = asString(value.model);
  if (model === undefined) return [];
  const provider = PROVIDER_IDS.find((id) => id === value.provider);
  // A target of an unknown provider must not become one of any provider.
  if (provider === undefined && value.provider !== undefined) return [];
  const account = asString(value.account);
  return [{ model, ...(provider === undefined ? {} : { provider }), ...(account === undefined ? {} : { account }) }];
}
