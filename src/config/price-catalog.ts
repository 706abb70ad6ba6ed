import { asObject, asString, isObject, type Json, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Price, PriceCatalog, Rates } from '../base/prices.ts';
import embedded from './prices.json' with { type: 'json' };

/** The catalogue and where it came from. */
export interface OpenedPrices {
  readonly catalog: PriceCatalog;
  readonly source: 'embedded' | 'file';
  /** What is wrong with the owner's file, which is passed over then. */
  readonly fault?: string;
}

/** The prices that count: those of the owner's file, unless there is none or it is wrong. `text` is what the file holds. */
export function choosePrices(text: string | undefined): OpenedPrices {
  const own = { catalog: readCatalog(embedded), source: 'embedded' } as const;
  if (text === undefined) return own;
  try {
    return { catalog: readCatalog(tryParseJson(text)), source: 'file' };
  } catch (thrown) {
    return { ...own, fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

const RATES = {
  input: 'input',
  output: 'output',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  cache_write_hour: 'cacheWriteHour',
} as const;
/** More for a million tokens is a slip of the decimal point. */
const DEAREST = 10_000;

/** A catalogue from its JSON. Throws a sentence that names the place which is wrong. */
function readCatalog(json: unknown): PriceCatalog {
  if (!isObject(json)) throw new Error('it is not a JSON object');
  const date = asString(json.date);
  if (date === undefined || !/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw new Error('"date" must be a day such as 2026-01-31');
  }
  if (!Array.isArray(json.prices)) throw new Error('"prices" must be a list');
  return { date, prices: json.prices.map((one, at) => readPrice(one, `prices[${at}]`)) };
}

function readPrice(json: Json, place: string): Price {
  if (!isObject(json)) throw new Error(`${place} must be an object`);
  checkNames(json, ['providers', 'models', 'above', ...Object.keys(RATES)], place);
  const above = json.above === undefined ? undefined : readAbove(json.above, `${place}.above`);
  return {
    providers: readNames(json.providers, `${place}.providers`),
    models: readNames(json.models, `${place}.models`),
    ...readRates(json, place),
    ...(above === undefined ? {} : { above }),
  };
}

function readAbove(json: Json, place: string): NonNullable<Price['above']> {
  const given = asObject(json);
  if (given === undefined) throw new Error(`${place} must be an object`);
  checkNames(given, ['input_tokens', ...Object.keys(RATES)], place);
  const inputTokens = given.input_tokens;
  if (typeof inputTokens !== 'number' || !Number.isInteger(inputTokens) || inputTokens < 1) {
    throw new Error(`${place}.input_tokens must be a whole number`);
  }
  return { inputTokens, ...readRates(given, place) };
}

function readRates(json: JsonObject, place: string): Rates {
  const rates: { [name: string]: number } = {};
  for (const [name, to] of Object.entries(RATES)) {
    const value = json[name];
    if (value === undefined && name !== 'input' && name !== 'output') continue;
    if (typeof value !== 'number' || !(value >= 0 && value <= DEAREST)) {
      throw new Error(`${place}.${name} must be dollars for a million tokens, a number from 0 to ${DEAREST}`);
    }
    rates[to] = value;
  }
  return rates as unknown as Rates;
}

function readNames(json: Json | undefined, place: string): readonly string[] {
  const names = Array.isArray(json) ? json.filter((one) => typeof one === 'string' && one !== '') : [];
  if (names.length === 0 || names.length !== (json as readonly Json[]).length) {
    throw new Error(`${place} must be a list of names`);
  }
  return names as readonly string[];
}

function checkNames(json: JsonObject, known: readonly string[], place: string): void {
  const stray = Object.keys(json).find((name) => !known.includes(name));
  if (stray !== undefined) throw new Error(`${place}.${stray} is not known; known are ${known.join(', ')}`);
}
