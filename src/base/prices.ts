import { fitsName } from './name-pattern.ts';
import type { Usage } from './usage.ts';

/** What tokens cost, in US dollars for a million of them. An absent figure is that of plain input. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** What is written to be kept for an hour. Absent: as `cacheWrite`. */
  readonly cacheWriteHour?: number;
}

/** The price of some models at some providers. */
export interface Price extends Rates {
  readonly providers: readonly string[];
  /** Names of models; `*` stands for anything. */
  readonly models: readonly string[];
  /** What all tokens of a request cost that has more input than so many. */
  readonly above?: Rates & { readonly inputTokens: number };
}

/** Prices as they were on a day. */
export interface PriceCatalog {
  /** The day, `2026-01-31`. */
  readonly date: string;
  readonly prices: readonly Price[];
}

/** What an exchange cost in billionths of a dollar; `undefined` where the price or the tokens are not known. */
export type CostOf = (
  provider: string | undefined,
  model: string | undefined,
  usage: Usage | undefined,
) => number | undefined;

/** Dollars for a million tokens are so many billionths of a dollar for one. */
const NANOS_PER_TOKEN = 1000;
/** Names that are kept; there is no end of names. */
const MOST_NAMES_KEPT = 500;

/** Makes the calculation over a catalogue. It looks each model up once. */
export function createCostOf(catalog: PriceCatalog): CostOf {
  const known = new Map<string, Price | undefined>();
  const priceOf = (provider: string, model: string) => {
    const key = `${provider}/${model}`;
    if (known.has(key)) return known.get(key);
    if (known.size >= MOST_NAMES_KEPT) known.clear();
    const price = findPrice(catalog, provider, model);
    known.set(key, price);
    return price;
  };
  return (provider, model, usage) => {
    if (provider === undefined || model === undefined || usage?.input === undefined) return undefined;
    const price = priceOf(provider, model);
    return price === undefined ? undefined : costOf(price, usage);
  };
}

/** The first price that names the provider and fits the model. */
export function findPrice(catalog: PriceCatalog, provider: string, model: string): Price | undefined {
  return catalog.prices.find(
    (price) => price.providers.includes(provider) && price.models.some((pattern) => fitsName(pattern, model)),
  );
}

/** What tokens cost at a price, in billionths of a dollar. Input includes what was read from or written to a cache. */
export function costOf(price: Price, usage: Usage): number {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, cacheWriteHour = 0 } = usage;
  const rates: Rates = price.above !== undefined && input > price.above.inputTokens ? price.above : price;
  const written = rates.cacheWrite ?? rates.input;
  const dollars =
    Math.max(0, input - cacheRead - cacheWrite) * rates.input +
    cacheRead * (rates.cacheRead ?? rates.input) +
    Math.max(0, cacheWrite - cacheWriteHour) * written +
    cacheWriteHour * (rates.cacheWriteHour ?? written) +
    output * rates.output;
  return Math.round(dollars * NANOS_PER_TOKEN);
}
