import { asArray, asNumber, asObject, asObjects, asString, tryParseJson } from '../base/json.ts';
import type { Usage } from '../base/usage.ts';
import type { ExchangeRecord } from '../relay/exchange.ts';
import type { exchangeBodies, exchanges } from './schema.ts';

type ExchangeRow = typeof exchanges.$inferSelect;
type BodyRow = typeof exchangeBodies.$inferSelect;

/** What a row takes beside its texts, about. */
const ROW_BYTES = 400;

/** The row of a finished exchange. */
export function writeExchange(record: ExchangeRecord): ExchangeRow {
  const losses = record.losses.length === 0 ? '[]' : JSON.stringify(record.losses);
  const attempts = JSON.stringify(record.attempts);
  const { requestBody = '', answerBody = '', error = '', path } = record;
  const texts = losses.length + attempts.length + requestBody.length + answerBody.length + error.length + path.length;
  return {
    id: record.id,
    at: record.at,
    dialect: record.dialect,
    path: record.path,
    client: record.client,
    clientKey: record.clientKey ?? null,
    modelAsked: record.modelAsked,
    modelServed: record.modelServed ?? null,
    account: record.account ?? null,
    status: record.status,
    verdict: record.verdict ?? null,
    error: record.error ?? null,
    streamed: record.streamed,
    firstContentMs: record.firstContentMs ?? null,
    durationMs: record.durationMs,
    finish: record.finish ?? null,
    hint: record.hint ?? null,
    usage: record.usage === undefined ? null : JSON.stringify(record.usage),
    cost: record.cost ?? null,
    losses,
    attempts,
    size: texts + ROW_BYTES,
  };
}

/** The row of what was kept of its bodies; `undefined` when nothing was. */
export function writeBodies({ id, requestBody, answerBody }: ExchangeRecord): BodyRow | undefined {
  if (requestBody === undefined && answerBody === undefined) return undefined;
  return { exchange: id, request: requestBody ?? null, answer: answerBody ?? null };
}

/** The record of a row. Damaged parts read as empty; names of an older version are passed on as they are. */
export function readExchange(row: ExchangeRow, bodies?: BodyRow): ExchangeRecord {
  const usage = readUsage(row.usage);
  const given = {
    clientKey: row.clientKey,
    modelServed: row.modelServed,
    account: row.account,
    verdict: row.verdict,
    error: row.error,
    firstContentMs: row.firstContentMs,
    finish: row.finish,
    hint: row.hint,
    cost: row.cost,
    requestBody: bodies?.request ?? null,
    answerBody: bodies?.answer ?? null,
  };
  return {
    id: row.id,
    at: row.at,
    dialect: row.dialect as ExchangeRecord['dialect'],
    path: row.path,
    client: row.client,
    modelAsked: row.modelAsked,
    status: row.status,
    streamed: row.streamed,
    durationMs: row.durationMs,
    losses: asArray(tryParseJson(row.losses)) as unknown as ExchangeRecord['losses'],
    attempts: asObjects(tryParseJson(row.attempts)).flatMap(readAttempt),
    ...(usage === undefined ? {} : { usage }),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Partial<ExchangeRecord>),
  };
}

function readAttempt(value: ReturnType<typeof asObjects>[number]): ExchangeRecord['attempts'] {
  const complete = asString(value.account) !== undefined && asNumber(value.startedAt) !== undefined;
  return complete ? [value as unknown as ExchangeRecord['attempts'][number]] : [];
}

function readUsage(json: string | null): Usage | undefined {
  const value = asObject(tryParseJson(json ?? ''));
  return value === undefined ? undefined : (value as Usage);
}
