import { asObject, asString, type JsonDraft, type JsonObject } from '../base/json.ts';

/** The dialects in which tokens are counted. */
export type CountingDialect = 'anthropic-messages' | 'openai-responses' | 'gemini';

/** True for a dialect in which tokens are counted. */
export function isCounting(dialect: string): dialect is CountingDialect {
  return Object.hasOwn(ENCODE_COUNT, dialect);
}

/** Fields of a request that its count takes; others are refused or say nothing of the input. */
const COUNTED_FIELDS: { readonly [D in CountingDialect]: readonly string[] } = {
  // https://docs.claude.com/en/api/messages-count-tokens
  'anthropic-messages': ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'],
  // https://platform.openai.com/docs/api-reference/responses/input-tokens
  'openai-responses': [
    'model',
    'input',
    'instructions',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'reasoning',
    'text',
    'truncation',
  ],
  // https://ai.google.dev/api/tokens#method:-models.counttokens
  gemini: ['contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'cachedContent'],
};

const ENCODE_COUNT: { readonly [D in CountingDialect]: (tokens: number) => JsonObject } = {
  'anthropic-messages': (tokens) => ({ input_tokens: tokens }),
  'openai-responses': (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  gemini: (tokens) => ({ totalTokens: tokens }),
};

/** The body that asks an upstream to count, made from the body that would ask it to answer. */
export function encodeCountRequest(dialect: CountingDialect, request: JsonObject, model: string): JsonObject {
  const draft: JsonDraft = {};
  for (const field of COUNTED_FIELDS[dialect]) if (request[field] !== undefined) draft[field] = request[field];
  return dialect === 'gemini' ? { generateContentRequest: { model: `models/${model}`, ...draft } } : draft;
}

/** The part of a client's counting request that is the request itself: Gemini counts bare contents, or a whole request in an envelope. */
export function readCountRequest(dialect: CountingDialect, body: JsonObject): JsonObject {
  return (dialect === 'gemini' ? asObject(body.generateContentRequest) : undefined) ?? body;
}

/** A client's counting request for another model. */
export function renameCountRequest(dialect: CountingDialect, body: JsonObject, model: string): JsonObject {
  if (dialect !== 'gemini') return { ...body, model };
  const inner = asObject(body.generateContentRequest);
  return asString(inner?.model) === undefined
    ? body
    : { ...body, generateContentRequest: { ...inner, model: `models/${model}` } };
}

/** The answer that says a count. */
export function encodeCount(dialect: CountingDialect, tokens: number): JsonObject {
  return ENCODE_COUNT[dialect](tokens);
}

/** The count that an upstream's answer says. */
export function readCount(body: JsonObject): number | undefined {
  const count = body.input_tokens ?? body.totalTokens;
  return typeof count === 'number' && Number.isFinite(count) ? count : undefined;
}
