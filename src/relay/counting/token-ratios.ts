import type { DialectId } from '../../translate/dialect-id.ts';
import type { ExchangeRecord } from '../exchange.ts';

/** How many tokens a byte of a model's requests has come to, by the counts of its upstream. */
export interface TokenRatio {
  readonly model: string;
  /** The client's dialect: each wraps the same words in another number of bytes. */
  readonly dialect: DialectId;
  /** The natural logarithm of tokens per byte, on the average. */
  readonly mean: number;
  /** Its variance. */
  readonly variance: number;
  /** Exchanges it was learnt from; no more are counted than are remembered. */
  readonly count: number;
}

/** Where ratios outlive a restart. Never waits and never throws. */
export interface TokenRatioStore {
  readAll(): readonly TokenRatio[];
  save(ratio: TokenRatio): void;
}

/** What past answers tell of the tokens of requests. */
export interface TokenRatios {
  /** Learns from a finished exchange. Costs next to nothing: of a known model only every so many requests are looked at. */
  learn(exchange: ExchangeRecord, body: Uint8Array): void;
  of(model: string, dialect: DialectId): TokenRatio | undefined;
}

/** Small requests are mostly wrapping, and say little. */
const LEAST_TOKENS = 400;
const LEAST_BYTES = 1_500;
const MOST_BYTES = 512 * 1024;
/** Learnt from each of the first, then from one in so many. */
const EAGER = 8;
const EVERY = 16;
/** Older exchanges fade once there are so many. */
const REMEMBERED = 64;
const MOST_MODELS = 500;
/** Farther off than this from what is known is no request like the others, for instance one with a hidden history. */
const FARTHEST = 0.7;
/** Tokens per byte that text can have: outside of them something else was counted. */
const LEAST_RATIO = 0.02;
const MOST_RATIO = 1;
/** What in a body costs tokens by another measure than its bytes. */
const UNMEASURED = [
  'base64',
  'inlineData',
  'inline_data',
  'image_url',
  'file_id',
  'file_url',
  'fileData',
  'previous_response_id',
  'cachedContent',
  'web_search',
  'googleSearch',
];

/** Opens the table of ratios. */
export function createTokenRatios(store: TokenRatioStore): TokenRatios {
  const known = new Map(store.readAll().map((ratio) => [nameOf(ratio.model, ratio.dialect), ratio]));
  const passed = new Map<string, number>();
  return {
    of: (model, dialect) => known.get(nameOf(model, dialect)),
    learn: (exchange, body) => {
      const { usage, modelServed: model, dialect } = exchange;
      if (model === undefined || usage?.input === undefined || usage.estimated || usage.input < LEAST_TOKENS) return;
      if (body.length < LEAST_BYTES || body.length > MOST_BYTES) return;
      const name = nameOf(model, dialect);
      const ratio = known.get(name);
      if (ratio === undefined ? known.size >= MOST_MODELS : skips(passed, name, ratio)) return;
      if (isUnmeasured(body)) return;
      const learnt = learnRatio(ratio ?? { model, dialect, mean: 0, variance: 0, count: 0 }, usage.input / body.length);
      if (learnt === undefined) return;
      known.set(name, learnt);
      store.save(learnt);
    },
  };
}

/** A ratio with one more exchange in it; `undefined` for one that is not like the others. */
export function learnRatio(ratio: TokenRatio, tokensPerByte: number): TokenRatio | undefined {
  if (tokensPerByte < LEAST_RATIO || tokensPerByte > MOST_RATIO) return undefined;
  const value = Math.log(tokensPerByte);
  if (ratio.count === 0) return { ...ratio, mean: value, count: 1 };
  const step = value - ratio.mean;
  if (ratio.count >= 4 && Math.abs(step) > FARTHEST) return undefined;
  const weight = 1 / (ratio.count + 1);
  return {
    ...ratio,
    mean: ratio.mean + step * weight,
    variance: (1 - weight) * (ratio.variance + weight * step * step),
    count: Math.min(ratio.count + 1, REMEMBERED),
  };
}

function skips(passed: Map<string, number>, name: string, { count }: TokenRatio): boolean {
  if (count < EAGER) return false;
  const seen = ((passed.get(name) ?? 0) + 1) % EVERY;
  passed.set(name, seen);
  return seen !== 0;
}

function isUnmeasured(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return UNMEASURED.some((sign) => bytes.includes(sign));
}

function nameOf(model: string, dialect: DialectId): string {
  return `${dialect} ${model}`;
}
