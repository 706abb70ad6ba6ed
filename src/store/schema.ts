import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// JSON stands in plain text columns and is parsed by the table's own file: a damaged value must cost one field, not a whole list.
// Times are epoch milliseconds.

/** The accounts as their owner set them. */
export const accounts = sqliteTable('accounts', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  provider: text().notNull(),
  /** The credential and the proxy's URL, sealed. */
  sealed: text().notNull(),
  baseUrl: text(),
  /** JSON list. */
  models: text().notNull(),
  modelsFixed: integer({ mode: 'boolean' }).notNull(),
  /** JSON object: what the provider's list says of each model. */
  modelFacts: text(),
  /** JSON list. */
  dialects: text().notNull(),
  enabled: integer({ mode: 'boolean' }).notNull(),
  priority: real().notNull(),
  weight: real().notNull(),
  maxConcurrent: integer(),
  reservePercent: real(),
  /** JSON object. */
  budget: text(),
  note: text(),
  createdAt: integer().notNull(),
});

/** What the pool knows of an account: cooldowns, strikes, trouble, quota. */
export const accountStates = sqliteTable('account_states', {
  account: text().primaryKey(),
  /** JSON object. */
  state: text().notNull(),
  savedAt: integer().notNull(),
});

/** Which account each conversation is tied to. */
export const ties = sqliteTable('ties', {
  key: text().primaryKey(),
  account: text().notNull(),
  expiresAt: integer().notNull(),
});

/** Names that clients may ask for, in the owner's order. */
export const aliases = sqliteTable('aliases', {
  position: integer().primaryKey(),
  name: text().notNull().unique(),
  /** JSON list. */
  targets: text().notNull(),
  strict: integer({ mode: 'boolean' }).notNull(),
});

/** The keys that clients may show besides the one of the settings. */
export const clientKeys = sqliteTable('client_keys', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** A hash; the key itself is nowhere. */
  hash: text().notNull().unique(),
  /** What people know it by. */
  hint: text().notNull(),
  /** JSON list. */
  models: text().notNull(),
  requestsPerMinute: integer(),
  tokensPerMinute: integer(),
  /** JSON object. */
  budget: text(),
  expiresAt: integer(),
  enabled: integer({ mode: 'boolean' }).notNull(),
  note: text(),
  createdAt: integer().notNull(),
});

/** Settings changed in the UI or by the admin API. */
export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  /** JSON, sealed when `sealed` is set. */
  value: text().notNull(),
  sealed: integer({ mode: 'boolean' }).notNull(),
});

/** What the program has to remember of itself: that the first run is done, the proof of the vault's key. */
export const facts = sqliteTable('facts', {
  name: text().primaryKey(),
  value: text().notNull(),
});

/** Finished exchanges without their bodies. Their ids begin with their time, so the primary key is the order they are listed in. */
export const exchanges = sqliteTable('exchanges', {
  id: text().primaryKey(),
  at: integer().notNull(),
  dialect: text().notNull(),
  path: text().notNull(),
  client: text().notNull(),
  clientKey: text(),
  modelAsked: text().notNull(),
  modelServed: text(),
  account: text(),
  status: integer().notNull(),
  verdict: text(),
  error: text(),
  streamed: integer({ mode: 'boolean' }).notNull(),
  firstContentMs: integer(),
  durationMs: integer().notNull(),
  finish: text(),
  hint: text(),
  /** JSON object. */
  usage: text(),
  /** Billionths of a US dollar. */
  cost: integer(),
  /** JSON list. */
  losses: text().notNull(),
  /** JSON list. */
  attempts: text().notNull(),
  /** Bytes of the row and its bodies, about: what `max_log_mb` counts. */
  size: integer().notNull(),
});

/** The bodies of exchanges, apart so that lists need not read past them. */
export const exchangeBodies = sqliteTable('exchange_bodies', {
  exchange: text().primaryKey(),
  request: text(),
  answer: text(),
});

/** Sums for each hour, which outlive the exchanges they were made from. */
export const usageHours = sqliteTable(
  'usage_hours',
  {
    /** Start of the hour. */
    hour: integer().notNull(),
    /** Empty when no account served. */
    account: text().notNull(),
    model: text().notNull(),
    /** Empty when no client key was shown. */
    clientKey: text().notNull(),
    dialect: text().notNull(),
    requests: integer().notNull(),
    errors: integer().notNull(),
    input: integer().notNull(),
    cacheRead: integer().notNull(),
    cacheWrite: integer().notNull(),
    output: integer().notNull(),
    reasoning: integer().notNull(),
    durationMs: integer().notNull(),
    /** Billionths of a US dollar. */
    cost: integer().notNull().default(0),
    /** Requests whose cost is known. */
    priced: integer().notNull().default(0),
    /** Requests whose tokens the gateway estimated. */
    estimated: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.hour, table.account, table.model, table.clientKey, table.dialect] })],
);

/** How many tokens a byte of a model's requests has come to, for each client dialect: what estimates of tokens go by. */
export const tokenRatios = sqliteTable(
  'token_ratios',
  {
    model: text().notNull(),
    dialect: text().notNull(),
    /** Natural logarithm of tokens per byte, on the average. */
    mean: real().notNull(),
    variance: real().notNull(),
    /** Exchanges it was learnt from. */
    count: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.model, table.dialect] })],
);

/** Thoughts and seals of answers whose clients may not send them back; for some hours. */
export const seals = sqliteTable('seals', {
  /** A hash; nothing can be read from it. */
  key: text().primaryKey(),
  /** Sealed, since it holds what a model thought. */
  value: text().notNull(),
  usedAt: integer().notNull(),
});

/** Responses that were translated, for an hour after their last use. */
export const responses = sqliteTable('responses', {
  id: text().primaryKey(),
  usedAt: integer().notNull(),
  /** Bytes of the texts below. */
  size: integer().notNull(),
  /** JSON list: ids of the items in `input` and in the response's output. */
  itemIds: text().notNull(),
  /** JSON list: what the model was shown. */
  input: text().notNull(),
  /** JSON object, as the client got it. */
  response: text().notNull(),
});

/** Which account's upstream stores a response that passed. */
export const responseOrigins = sqliteTable('response_origins', {
  id: text().primaryKey(),
  account: text().notNull(),
  model: text().notNull(),
  at: integer().notNull(),
});
