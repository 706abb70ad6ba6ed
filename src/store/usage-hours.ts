import { and, eq, gte, lt, type SQL, sql, sum } from 'drizzle-orm';
import type { ExchangeRecord } from '../relay/exchange.ts';
import type { StoreDatabase } from './database.ts';
import { usageHours } from './schema.ts';

/** What sums are grouped by. */
export type UsageGroup = 'model' | 'account' | 'client_key' | 'dialect';

/** Which sums to read. Times are epoch milliseconds; sums are kept by the hour, so both ends count as whole hours. */
export interface UsageQuery {
  readonly from?: number;
  /** Not included. */
  readonly to?: number;
  readonly by?: UsageGroup;
  /** Absent: one sum over the whole time. */
  readonly bucketMs?: number;
  readonly account?: string;
}

/** Sums of one group in one bucket. */
export interface UsageSum {
  /** Start of the bucket in epoch milliseconds; 0 without buckets. */
  readonly bucket: number;
  /** The value of the group; empty when there was none, and without groups. */
  readonly group: string;
  readonly requests: number;
  readonly errors: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly durationMs: number;
  /** Billionths of a US dollar, over the requests whose cost is known. */
  readonly cost: number;
  /** Requests whose cost is known. */
  readonly priced: number;
  /** Requests whose tokens were estimated. */
  readonly estimated: number;
}

/** What one exchange used, or several in the same place of the table. */
export type ExchangeUsage = {
  readonly hour: number;
  readonly account: string;
  readonly model: string;
  readonly clientKey: string;
  readonly dialect: string;
} & { [F in (typeof FIGURES)[number]]: number };

/** Sums for each hour. */
export interface UsageStore {
  /** Adds what finished exchanges used; called inside the transaction that keeps them. */
  add(used: readonly ExchangeUsage[]): void;
  read(query: UsageQuery): readonly UsageSum[];
  removeBefore(time: number): void;
}

const HOUR_MS = 3_600_000;
const LONGEST_NAME = 200;
const FIGURES = [
  'requests',
  'errors',
  'input',
  'cacheRead',
  'cacheWrite',
  'output',
  'reasoning',
  'durationMs',
  'cost',
  'priced',
  'estimated',
] as const;
const GROUPS = {
  model: usageHours.model,
  account: usageHours.account,
  client_key: usageHours.clientKey,
  dialect: usageHours.dialect,
} satisfies Record<UsageGroup, unknown>;

/** Opens the table of hourly sums. */
export function createUsageStore(database: StoreDatabase): UsageStore {
  const { tables } = database;
  const upsert = prepareUpsert(database);
  return {
    add: (used) => {
      for (const sums of addUp(used)) upsert(sums);
    },
    read: (query) => {
      const bucket = bucketOf(query);
      const group = query.by === undefined ? sql<string>`''` : sql<string>`${GROUPS[query.by]}`;
      return tables
        .select({ bucket: bucket.as('bucket'), group: group.as('grouping'), ...sumColumns() })
        .from(usageHours)
        .where(conditionOf(query))
        .groupBy(sql`bucket`, sql`grouping`)
        .orderBy(sql`bucket`, sql`grouping`)
        .all();
    },
    removeBefore: (time) => void tables.delete(usageHours).where(lt(usageHours.hour, time)).run(),
  };
}

function prepareUpsert(database: StoreDatabase) {
  const { hour, account, model, clientKey, dialect } = usageHours;
  const names = ['hour', 'account', 'model', 'clientKey', 'dialect', ...FIGURES] as const;
  const values = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));
  const set = Object.fromEntries(
    FIGURES.map((name) => [name, sql`${usageHours[name]} + excluded.${sql.identifier(snakeCase(name))}`]),
  );
  const insert = database.tables.insert(usageHours).values(values as never);
  return database.prepare(insert.onConflictDoUpdate({ target: [hour, account, model, clientKey, dialect], set }));
}

/** One row for each place in the table: many exchanges of a moment share one. */
function addUp(rows: readonly ExchangeUsage[]): Iterable<ExchangeUsage> {
  const sums = new Map<string, ExchangeUsage>();
  for (const row of rows) {
    const place = `${row.hour}\n${row.account}\n${row.model}\n${row.clientKey}\n${row.dialect}`;
    const sum = sums.get(place);
    if (sum === undefined) sums.set(place, { ...row });
    else for (const figure of FIGURES) sum[figure] += row[figure];
  }
  return sums.values();
}

/** What one exchange used, and where it counts. Its cost is filled in when it is written down. */
export function usageOf(exchange: ExchangeRecord): ExchangeUsage {
  const { usage } = exchange;
  return {
    hour: Math.floor(exchange.at / HOUR_MS) * HOUR_MS,
    account: exchange.account ?? '',
    // Of an unserved request the client chose the name, and there is no end of names.
    model: (exchange.modelServed ?? exchange.modelAsked).slice(0, LONGEST_NAME),
    clientKey: exchange.clientKey ?? '',
    dialect: exchange.dialect,
    requests: 1,
    errors: exchange.verdict === undefined && exchange.status < 400 ? 0 : 1,
    input: usage?.input ?? 0,
    cacheRead: usage?.cacheRead ?? 0,
    cacheWrite: usage?.cacheWrite ?? 0,
    output: usage?.output ?? 0,
    reasoning: usage?.reasoning ?? 0,
    durationMs: exchange.durationMs,
    cost: 0,
    priced: 0,
    estimated: usage?.estimated === true ? 1 : 0,
  };
}

function bucketOf({ bucketMs }: UsageQuery): SQL<number> {
  if (bucketMs === undefined) return sql<number>`0`;
  const size = sql.raw(String(Math.trunc(bucketMs)));
  return sql<number>`(${usageHours.hour} / ${size}) * ${size}`;
}

function sumColumns() {
  const column = (name: (typeof FIGURES)[number]) => sum(usageHours[name]).mapWith(Number);
  return {
    requests: column('requests'),
    errors: column('errors'),
    input: column('input'),
    cacheRead: column('cacheRead'),
    cacheWrite: column('cacheWrite'),
    output: column('output'),
    reasoning: column('reasoning'),
    durationMs: column('durationMs'),
    cost: column('cost'),
    priced: column('priced'),
    estimated: column('estimated'),
  };
}

function conditionOf(query: UsageQuery): SQL | undefined {
  return and(
    query.from === undefined ? undefined : gte(usageHours.hour, Math.floor(query.from / HOUR_MS) * HOUR_MS),
    query.to === undefined ? undefined : lt(usageHours.hour, query.to),
    query.account === undefined ? undefined : eq(usageHours.account, query.account),
  );
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
