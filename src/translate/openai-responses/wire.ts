/**
 * The JSON of the Responses API as far as Trivium writes it or relies on it.
 * Requests: https://platform.openai.com/docs/api-reference/responses/create
 * The response object: https://platform.openai.com/docs/api-reference/responses/object
 * Stream events: https://platform.openai.com/docs/api-reference/responses-streaming
 */
import type { JsonObject } from '../../base/json.ts';

/** The name of this dialect, for the parts, seals and errors it makes. */
export const DIALECT = 'openai-responses';

/** The name by which other dialects know a search for tools: https://platform.openai.com/docs/guides/tools-tool-search */
export const TOOL_SEARCH = 'tool_search';

/** Who speaks in a message. */
export type WireRole = 'user' | 'assistant' | 'system' | 'developer';

/** Words of anyone but the assistant. */
export type WireInputText = {
  readonly type: 'input_text';
  readonly text: string;
  readonly prompt_cache_breakpoint?: WireCacheBreakpoint;
};

/** A picture: a link, a data link or an uploaded file. */
export type WireInputImage = {
  readonly type: 'input_image';
  readonly image_url?: string;
  readonly file_id?: string;
  readonly detail: string;
  readonly prompt_cache_breakpoint?: WireCacheBreakpoint;
};

/** A document: its content, a link or an uploaded file. */
export type WireInputFile = {
  readonly type: 'input_file';
  readonly file_data?: string;
  readonly file_url?: string;
  readonly file_id?: string;
  readonly filename?: string;
  readonly prompt_cache_breakpoint?: WireCacheBreakpoint;
};

/** https://platform.openai.com/docs/guides/prompt-caching */
export type WireCacheBreakpoint = { readonly mode: 'explicit'; readonly ttl?: '30m' | '12h' };

/** Words of the assistant. */
export type WireOutputText = {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly JsonObject[];
  readonly logprobs?: readonly JsonObject[];
};

/** The words with which the assistant refuses. */
export type WireRefusal = { readonly type: 'refusal'; readonly refusal: string };

/** How far an item has come. */
export type WireItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** A message of the assistant. */
export type WireMessageItem = {
  readonly id: string;
  readonly type: 'message';
  readonly status: WireItemStatus;
  readonly role: 'assistant';
  readonly content: readonly (WireOutputText | WireRefusal)[];
};

/** What the model thought: its summary, in open models the thoughts themselves, and the seal on them. */
export type WireReasoningItem = {
  readonly id?: string;
  readonly type: 'reasoning';
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
  readonly content?: readonly { readonly type: 'reasoning_text'; readonly text: string }[];
  readonly encrypted_content?: string;
};

/** A call whose arguments are JSON. */
export type WireFunctionCallItem = {
  readonly id?: string;
  readonly type: 'function_call';
  readonly status?: WireItemStatus;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly arguments: string;
};

/** A call whose input is free text. */
export type WireCustomCallItem = {
  readonly id?: string;
  readonly type: 'custom_tool_call';
  readonly status?: WireItemStatus;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly input: string;
};

/** A search among the client's own tools. */
export type WireToolSearchItem = {
  readonly id: string;
  readonly type: 'tool_search_call';
  readonly status: WireItemStatus;
  readonly execution: 'client';
  readonly call_id: string;
  readonly arguments: JsonObject;
};

/** A picture the model drew. */
export type WireImageItem = {
  readonly id: string;
  readonly type: 'image_generation_call';
  readonly status: 'completed';
  readonly result: string;
  readonly output_format?: string;
};

/** Token counts: https://platform.openai.com/docs/api-reference/responses/object#responses/object-usage */
export type WireUsage = {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
};

/** The last events a stream may have. */
export type TerminalEvent = 'response.completed' | 'response.incomplete' | 'response.failed';
