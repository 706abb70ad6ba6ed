import type { ProviderId } from '../base/account.ts';
import type { ModelFacts } from '../base/model-facts.ts';
import type { DialectId } from './dialect-id.ts';

/**
 * How an upstream deviates from the reference of its dialect. Data in its provider file; an absent quirk means
 * that it behaves as the official service does.
 */
export interface Quirks {
  /** The only limit field the upstream knows; the official chat service takes either, by model. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** False: the role `developer` is refused, `system` is sent. */
  readonly developerRole?: boolean;
  /** False: a system message may only stand first. */
  readonly midSystem?: boolean;
  /** The only tool choice the upstream accepts. */
  readonly toolChoice?: 'auto-only';
  /** Earlier reasoning text goes back in this field of assistant messages. */
  readonly reasoningBack?: 'reasoning_content' | 'reasoning';
  /** How reasoning is asked for: OpenAI's `reasoning_effort`, `thinking{type}`, OpenRouter's `reasoning{}`, or not at all. */
  readonly reasoningControl?: 'effort' | 'thinking-type' | 'reasoning-object' | 'none';
  /** False: no JSON-schema output; `json_object` and a prompt are used. */
  readonly outputSchema?: boolean;
  /** False: tools of kind `custom` are sent as functions. */
  readonly customTools?: boolean;
  /** False: `stream_options.include_usage` is refused. */
  readonly streamUsage?: boolean;
  /** False: calls and results may carry no id (Vertex). */
  readonly callIds?: boolean;
  /** Root fields the upstream refuses; each is reported as a loss when the client had sent it. */
  readonly refusedFields?: readonly string[];
  /** The most stop sequences it takes; with 0 a chat upstream is sent none and the gateway ends the answer. */
  readonly maxStops?: number;
  /** False: images only as data, never as links. */
  readonly imageUrls?: boolean;
  /** False: no documents but text. */
  readonly documents?: boolean;
  /** False: text alone; pictures, sound and documents are left out. */
  readonly media?: boolean;
  /** True: user and assistant have to take turns, the user first. */
  readonly alternates?: boolean;
  /** True: `top_k` is taken by a chat upstream. */
  readonly topK?: boolean;
  /** True: `cache_control` of Anthropic is understood. */
  readonly cacheControl?: boolean;
  /** True: reasoning comes as `<think>` text and is taken out of it. */
  readonly thinkTags?: boolean;
  /** False: none of the tools run at its dialect's own vendor, such as web search. */
  readonly serverTools?: boolean;
  /** False: `strict` on tools is refused. */
  readonly strictTools?: boolean;
}

/** What an encoder may know of the server it writes for; the model's name is in the request. */
export interface TargetTraits {
  readonly provider: ProviderId;
  readonly quirks: Quirks;
  /** What the upstream's own list says of the model. */
  readonly facts?: ModelFacts;
  /** True: a request without cache marks gets some, where the dialect has them. */
  readonly autoCache?: boolean;
}

const REFERENCE: { readonly [D in DialectId]: ProviderId } = {
  'openai-chat': 'openai',
  'openai-completions': 'openai',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
  gemini: 'gemini',
};

/** The traits of the service that a dialect is named after: no quirks. */
export function traitsOfReference(dialect: DialectId): TargetTraits {
  return { provider: REFERENCE[dialect], quirks: {} };
}

const VENDORS: ReadonlySet<ProviderId> = new Set(['openai', 'anthropic', 'gemini', 'vertex']);

/** True when the server is a vendor's own, which runs its own tools; those who only speak its dialect do not have them. */
export function runsServerTools({ provider, quirks }: TargetTraits): boolean {
  return VENDORS.has(provider) && quirks.serverTools !== false;
}
