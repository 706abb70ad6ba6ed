import type { JsonObject } from '../../base/json.ts';
import type { CacheMark, CanonicalRequest } from '../canonical/request.ts';
import type { Loss } from '../loss.ts';
import { type OpenaiModel, readOpenaiModel } from '../models/openai.ts';
import type { Quirks, TargetTraits } from '../target.ts';
import { writeCacheBreakpoint, writeCacheControl } from './vocabulary.ts';

/** One request on its way to a server: what is known of both, and what was lost so far. */
export interface Encoding {
  readonly request: CanonicalRequest;
  readonly quirks: Quirks;
  /** True for the service that the dialect is named after. */
  readonly official: boolean;
  readonly provider: TargetTraits['provider'];
  readonly model: OpenaiModel;
  /** The most tokens of an answer: of OpenAI's own models by name, of others as their server's list says. */
  readonly maxOutput: number | undefined;
  readonly losses: Loss[];
  cacheMarks: number;
}

/** The most cache breakpoints that OpenAI takes. */
const MAX_BREAKPOINTS = 4;

/** Begins to encode a request. */
export function startEncoding(request: CanonicalRequest, traits: TargetTraits): Encoding {
  const model = readOpenaiModel(request.model, traits.facts);
  return {
    request,
    quirks: traits.quirks,
    official: traits.provider === 'openai',
    provider: traits.provider,
    model,
    maxOutput: traits.provider === 'openai' ? model.maxOutput : traits.facts?.maxOutput,
    losses: [],
    cacheMarks: 0,
  };
}

/** The fields that carry a cache mark to this server: none where it has no such thing. */
export function writeCacheMark(mark: CacheMark | undefined, encoding: Encoding): JsonObject {
  if (mark === undefined) return {};
  if (encoding.quirks.cacheControl === true) return { cache_control: writeCacheControl(mark) };
  if (!encoding.official || !encoding.model.cacheBreakpoints || encoding.cacheMarks >= MAX_BREAKPOINTS) return {};
  encoding.cacheMarks++;
  return { prompt_cache_breakpoint: writeCacheBreakpoint(mark) };
}
