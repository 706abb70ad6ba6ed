import type { JsonObject } from '../../base/json.ts';
import type { CacheMark, CanonicalRequest } from '../canonical/request.ts';
import type { Loss } from '../loss.ts';
import { type OpenaiModel, readOpenaiModel } from '../models/openai.ts';
import type { Quirks, TargetTraits } from '../target.ts';
import { encodeCacheMark } from './vocabulary.ts';

/** One request on its way to a server: what is known of both, and what was lost so far. */
export interface Encoding {
  readonly request: CanonicalRequest;
  readonly quirks: Quirks;
  readonly model: OpenaiModel;
  /** The most tokens of an answer: of OpenAI's own models by name, of others as their server's list says. */
  readonly maxOutput: number | undefined;
  /** True: the server takes cache breakpoints. */
  readonly marksCache: boolean;
  readonly losses: Loss[];
  /** Cache breakpoints written so far. */
  cacheMarks: number;
}

/** The most cache breakpoints that OpenAI takes. */
const MOST_MARKS = 4;

/** Begins to encode a request. */
export function startEncoding(request: CanonicalRequest, traits: TargetTraits): Encoding {
  const model = readOpenaiModel(request.model, traits.facts);
  return {
    request,
    quirks: traits.quirks,
    model,
    maxOutput: traits.provider === 'openai' ? model.maxOutput : traits.facts?.maxOutput,
    marksCache: traits.provider === 'openai' && model.cacheBreakpoints,
    losses: [],
    cacheMarks: 0,
  };
}

/** The field that carries a cache mark; none where the server has no such thing. */
export function writeCacheMark(mark: CacheMark | undefined, encoding: Encoding): JsonObject {
  if (mark === undefined || !encoding.marksCache || encoding.cacheMarks >= MOST_MARKS) return {};
  encoding.cacheMarks++;
  return { prompt_cache_breakpoint: encodeCacheMark(mark) };
}
