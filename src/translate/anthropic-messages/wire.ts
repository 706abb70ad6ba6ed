import type { JsonObject } from '../../base/json.ts';

// The JSON of the dialect as far as the codec writes it; what it reads is checked field by field.
// Requests and answers: https://docs.claude.com/en/api/messages
// Streams: https://docs.claude.com/en/docs/build-with-claude/streaming
// Errors: https://docs.claude.com/en/api/errors

/** A prompt prefix that shall be cached. https://docs.claude.com/en/docs/build-with-claude/prompt-caching */
export interface CacheControl extends JsonObject {
  readonly type: 'ephemeral';
  readonly ttl?: '5m' | '1h';
}

/** A block of a request's content; `cache_control` may stand on all but thoughts. */
export interface ContentBlock extends JsonObject {
  readonly type: string;
  readonly cache_control?: CacheControl;
}

/** One turn of a request. */
export interface WireMessage extends JsonObject {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly ContentBlock[];
}

/** How the model shall think. https://docs.claude.com/en/docs/build-with-claude/extended-thinking */
export type ThinkingConfig =
  | { readonly type: 'enabled'; readonly budget_tokens: number; readonly display?: 'summarized' | 'omitted' }
  | { readonly type: 'adaptive'; readonly display?: 'summarized' | 'omitted' }
  | { readonly type: 'disabled' }
  | { readonly type: 'between_tools' };

/** Which tools may be called. https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use */
export interface WireToolChoice extends JsonObject {
  readonly type: 'auto' | 'any' | 'tool' | 'none';
  readonly name?: string;
  readonly disable_parallel_tool_use?: boolean;
}

/** Tokens of an answer; `input_tokens` leaves out what a cache gave or took. */
export interface WireUsage extends JsonObject {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
}

/** A whole answer. */
export interface WireResponse extends JsonObject {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly JsonObject[];
  readonly stop_reason: string | null;
  readonly stop_sequence: string | null;
  readonly usage: JsonObject;
}

/** The body of an error, in an answer of its own or as the data of an `error` event. */
export interface WireError extends JsonObject {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id?: string;
}
