import { and, asc, desc, eq, getTableColumns, gte, inArray, like, lt, lte, or, type SQL, sql, sum } from 'drizzle-orm';
import type { Clock } from '../base/clock.ts';
import { exchangeIdFloor } from '../base/id.ts';
import type { Log } from '../base/log.ts';
import type { CostOf } from '../base/prices.ts';
import type { Usage } from '../base/usage.ts';
import type { ExchangeRecord } from '../relay/exchange.ts';
import type { StoreDatabase } from './database.ts';
import { readExchange, writeBodies, writeExchange } from './exchange-rows.ts';
import { exchangeBodies, exchanges } from './schema.ts';
import { type ExchangeUsage, type UsageQuery, type UsageStore, type UsageSum, usageOf } from './usage-hours.ts';
import { createWriteBehind } from './write-behind.ts';

/** Which exchanges to list; an absent condition lets all pass. */
export interface ExchangeQuery {
  readonly limit: number;
  /** Only those that come after this id, which are older. */
  readonly after?: string;
  readonly minStatus?: number;
  readonly maxStatus?: number;
  readonly verdict?: string;
  readonly account?: string;
  /** The id of a client key. */
  readonly clientKey?: string;
  /** Asked or served. */
  readonly model?: string;
  readonly dialect?: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  /** Epoch milliseconds, not included. */
  readonly to?: number;
  /** A part of the id, path, client, model or error. */
  readonly text?: string;
}

/** How many exchanges to remove at once. */
export interface RemovalBounds {
  readonly limit: number;
  /** Only those before this time, in epoch milliseconds. */
  readonly before?: number;
  /** Stops as soon as the removed ones took so much. */
  readonly bytes?: number;
}

/** The exchanges at rest. What was recorded is found at once, though it reaches the disk a moment later. */
export interface ExchangeStore {
  /** Never waits and never throws. */
  record(exchange: ExchangeRecord): void;
  /** The newest first, without bodies. */
  list(query: ExchangeQuery): readonly ExchangeRecord[];
  get(id: string): ExchangeRecord | undefined;
  /** Sums over the recorded exchanges, by the hour; they outlive the exchanges. */
  sums(query: UsageQuery): readonly UsageSum[];
  /** Calls `listener` with each exchange as it is recorded, until the answered function is called. */
  watch(listener: (exchange: ExchangeRecord) => void): () => void;
  /** Bytes of all rows, about. */
  size(): number;
  /** Removes some of the oldest; answers how many and their bytes. */
  removeOldest(bounds: RemovalBounds): { readonly count: number; readonly bytes: number };
  flush(): void;
}

/** What the table of exchanges needs. */
export interface ExchangeStoreParts {
  readonly database: StoreDatabase;
  readonly usage: UsageStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly costOf: CostOf;
}

/** Opens the table of exchanges. */
export function createExchangeStore(parts: ExchangeStoreParts): ExchangeStore {
  const { tables } = parts.database;
  const listeners = new Set<(exchange: ExchangeRecord) => void>();
  const pending = createWriteBehind<Pending>({
    ...parts,
    write: prepareWrite(parts),
    writeSum: (batch) => parts.usage.add(batch.map(({ used }) => used)),
  });
  return {
    record: (exchange) => {
      pending.add(prepare(exchange));
      if (listeners.size === 0) return;
      const shown = withCost(exchange, parts.costOf);
      for (const listener of listeners) tell(listener, shown, parts.log);
    },
    list: (query) => {
      pending.flush();
      return selectExchanges(parts.database, query);
    },
    get: (id) => {
      pending.flush();
      const row = tables.select().from(exchanges).where(eq(exchanges.id, id)).get();
      const bodies = tables.select().from(exchangeBodies).where(eq(exchangeBodies.exchange, id)).get();
      return row === undefined ? undefined : readExchange(row, bodies);
    },
    sums: (query) => {
      pending.flush();
      return parts.usage.read(query);
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    size: () =>
      Number(
        tables
          .select({ size: sum(exchanges.size) })
          .from(exchanges)
          .get()?.size ?? 0,
      ),
    removeOldest: (bounds) => removeOldest(parts.database, bounds),
    flush: pending.flush,
  };
}

/** An exchange on its way to the disk. */
interface Pending {
  readonly row: ReturnType<typeof writeExchange>;
  readonly bodies: ReturnType<typeof writeBodies>;
  readonly used: ExchangeUsage;
  readonly usage: Usage | undefined;
  readonly provider: string | undefined;
}

/** Written down at once, while the exchange is at hand: a batch later it would have to be gathered from all over the memory. */
function prepare(exchange: ExchangeRecord): Pending {
  return {
    row: writeExchange(exchange),
    bodies: writeBodies(exchange),
    used: usageOf(exchange),
    usage: exchange.usage,
    provider: providerOf(exchange),
  };
}

/** The provider that answered, or was asked last. */
function providerOf({ attempts }: ExchangeRecord): string | undefined {
  return attempts[attempts.length - 1]?.provider;
}

function withCost(exchange: ExchangeRecord, costOf: CostOf): ExchangeRecord {
  const cost = costOf(providerOf(exchange), exchange.modelServed, exchange.usage);
  return cost === undefined ? exchange : { ...exchange, cost };
}

/** Money is counted when the row is written, a moment after its request. */
function fillCost({ row, used, usage, provider }: Pending, costOf: CostOf): void {
  const cost = costOf(provider, row.modelServed ?? undefined, usage);
  if (cost === undefined) return;
  row.cost = cost;
  used.cost = cost;
  used.priced = 1;
}

function prepareWrite({ database, costOf }: ExchangeStoreParts): (pending: Pending) => void {
  const { tables } = database;
  const columns = Object.keys(getTableColumns(exchanges));
  const values = Object.fromEntries(columns.map((name) => [name, sql.placeholder(name)]));
  const insert = database.prepare(tables.insert(exchanges).values(values as never));
  const insertBodies = database.prepare(
    tables.insert(exchangeBodies).values({
      exchange: sql.placeholder('exchange'),
      request: sql.placeholder('request'),
      answer: sql.placeholder('answer'),
    }),
  );
  return (pending) => {
    fillCost(pending, costOf);
    const { row, bodies } = pending;
    insert(row);
    if (bodies !== undefined) insertBodies(bodies);
  };
}

/** A watcher's fault must not reach the exchange it watches. */
function tell(listener: (exchange: ExchangeRecord) => void, exchange: ExchangeRecord, log: Log): void {
  try {
    listener(exchange);
  } catch (error) {
    log.error('exchange watcher failed', { error });
  }
}

function selectExchanges({ tables }: StoreDatabase, query: ExchangeQuery): readonly ExchangeRecord[] {
  return tables
    .select()
    .from(exchanges)
    .where(conditionOf(query))
    .orderBy(desc(exchanges.id))
    .limit(query.limit)
    .all()
    .map((row) => readExchange(row));
}

function conditionOf(query: ExchangeQuery): SQL | undefined {
  return and(
    query.after === undefined ? undefined : lt(exchanges.id, query.after),
    query.minStatus === undefined ? undefined : gte(exchanges.status, query.minStatus),
    query.maxStatus === undefined ? undefined : lte(exchanges.status, query.maxStatus),
    query.verdict === undefined ? undefined : eq(exchanges.verdict, query.verdict),
    query.account === undefined ? undefined : eq(exchanges.account, query.account),
    query.clientKey === undefined ? undefined : eq(exchanges.clientKey, query.clientKey),
    query.model === undefined
      ? undefined
      : or(eq(exchanges.modelAsked, query.model), eq(exchanges.modelServed, query.model)),
    query.dialect === undefined ? undefined : eq(exchanges.dialect, query.dialect),
    // the id bounds the rows that are looked at
    query.from === undefined ? undefined : gte(exchanges.id, exchangeIdFloor(query.from)),
    query.from === undefined ? undefined : gte(exchanges.at, query.from),
    query.to === undefined ? undefined : lt(exchanges.at, query.to),
    query.text === undefined ? undefined : textCondition(query.text),
  );
}

function textCondition(text: string): SQL | undefined {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const { id, path, client, modelAsked, modelServed, error } = exchanges;
  return or(
    ...[id, path, client, modelAsked, modelServed, error].map((column) => sql`${like(column, pattern)} escape '\\'`),
  );
}

function removeOldest({ tables, together }: StoreDatabase, bounds: RemovalBounds) {
  return together(() => {
    const oldest = tables
      .select({ id: exchanges.id, at: exchanges.at, size: exchanges.size })
      .from(exchanges)
      .orderBy(asc(exchanges.id))
      .limit(bounds.limit)
      .all();
    const ids: string[] = [];
    let bytes = 0;
    for (const { id, at, size } of oldest) {
      if (at >= (bounds.before ?? Number.POSITIVE_INFINITY)) break;
      if (bytes >= (bounds.bytes ?? Number.POSITIVE_INFINITY)) break;
      ids.push(id);
      bytes += size;
    }
    tables.delete(exchangeBodies).where(inArray(exchangeBodies.exchange, ids)).run();
    tables.delete(exchanges).where(inArray(exchanges.id, ids)).run();
    return { count: ids.length, bytes };
  });
}
