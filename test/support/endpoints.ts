import { expect } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';

/** One way into the gateway, for requests that no library would send. */
export interface ClientEndpoint {
  readonly dialect: DialectId;
  path(model: string, stream?: boolean): string;
  /** A request with this prompt; in every dialect but one it names its model. */
  body(model: string, prompt: string): JsonObject;
  /** The place of the conversation in a body. */
  readonly turns: string;
  /** Expects an error of the dialect's own shape, and gives its message. */
  readError(body: unknown): string;
}

/** The fields that an error of a dialect has, in their order by name, each with its type. */
function readFields(
  error: unknown,
  types: { readonly [field: string]: string },
): { readonly [field: string]: unknown } {
  const found = error as { readonly [field: string]: unknown };
  const shape = Object.fromEntries(Object.keys(types).map((field) => [field, typeof found?.[field]]));
  expect<unknown>(shape).toEqual(types);
  return found;
}

function readOpenAiError(body: unknown): string {
  const { error } = readFields(body, { error: 'object' });
  const { message } = readFields(error, { message: 'string', type: 'string' });
  expect(Object.keys(error as object).sort()).toEqual(['code', 'message', 'param', 'type']);
  return String(message);
}

function readAnthropicError(body: unknown): string {
  const { type, error } = readFields(body, { type: 'string', error: 'object' });
  expect(type).toBe('error');
  return String(readFields(error, { type: 'string', message: 'string' }).message);
}

function readGeminiError(body: unknown): string {
  const { error } = readFields(body, { error: 'object' });
  const { status, message } = readFields(error, { code: 'number', message: 'string', status: 'string' });
  expect(status).toMatch(/^[A-Z_]+$/);
  return String(message);
}

/** Every dialect a client can speak. */
export const ENDPOINTS: readonly ClientEndpoint[] = [
  {
    dialect: 'openai-chat',
    path: () => '/v1/chat/completions',
    body: (model, content) => ({ model, messages: [{ role: 'user', content }] }),
    turns: 'messages',
    readError: readOpenAiError,
  },
  {
    dialect: 'openai-completions',
    path: () => '/v1/completions',
    body: (model, prompt) => ({ model, prompt }),
    turns: 'prompt',
    readError: readOpenAiError,
  },
  {
    dialect: 'openai-responses',
    path: () => '/v1/responses',
    body: (model, input) => ({ model, input }),
    turns: 'input',
    readError: readOpenAiError,
  },
  {
    dialect: 'anthropic-messages',
    path: () => '/v1/messages',
    body: (model, content) => ({ model, max_tokens: 100, messages: [{ role: 'user', content }] }),
    turns: 'messages',
    readError: readAnthropicError,
  },
  {
    dialect: 'gemini',
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (_, text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    turns: 'contents',
    readError: readGeminiError,
  },
];

/** The endpoint of a dialect. */
export function endpointOf(dialect: DialectId): ClientEndpoint {
  return ENDPOINTS.find((endpoint) => endpoint.dialect === dialect)!;
}
