import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  tryParseJson,
} from '../../base/json.ts';
import type { UpstreamFailure } from '../dialect.ts';

/** What an error says, whatever form its server gives it. */
export interface ErrorFacts {
  readonly message: string;
  /** Its codes and types, the most exact first. */
  readonly words: readonly string[];
  readonly code?: string;
  readonly param?: string;
  /** The status that the error itself claims. */
  readonly status?: number;
  /** The object that holds the details. */
  readonly error: JsonObject;
  /** The whole body in the dialect's own form, so that it can be shown as it is. */
  readonly body?: JsonObject;
}

/** Reads a failed answer: JSON of several forms, plain text, or an HTML page. */
export function readFailure({ status, body }: UpstreamFailure): ErrorFacts {
  const value = tryParseJson(body);
  // Gemini's OpenAI surface answers a list with one error
  const object = asObject(Array.isArray(value) ? value[0] : value);
  if (object !== undefined) return readErrorBody(object, status);
  const text = body.trim();
  const isProse = text !== '' && !text.startsWith('<') && text.length <= MAX_TEXT;
  return { message: isProse ? maskSecrets(text) : silentText(status), words: [], error: {} };
}

const MAX_TEXT = 1000;

/**
 * Reads the forms of OpenAI, Azure, OpenRouter (`error` an object), xAI and Ollama (`error` a string), Mistral and old vLLM
 * (fields at the root, or `detail`), and Bedrock (`Message`).
 */
export function readErrorBody(body: JsonObject, status?: number): ErrorFacts {
  const error = asObject(body.error) ?? body;
  const inner = asObject(error.innererror);
  const words = [inner?.code, error.code, error.type, error.status, body.code, detailReason(error)].filter(isWord);
  const [code] = [error.code, body.code].filter(isWord);
  const param = asString(error.param);
  const claimed = statusIn(error);
  const isOwnForm = isObject(body.error) && typeof body.error.message === 'string';
  return {
    message: maskSecrets(messageIn(error, body) ?? silentText(status ?? claimed)),
    words,
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
    ...(claimed === undefined ? {} : { status: claimed }),
    error,
    ...(isOwnForm ? { body } : {}),
  };
}

function isWord(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function detailReason(error: JsonObject): Json | undefined {
  const reasons = asArray(error.details).map((detail) => asObject(detail)?.reason);
  return reasons.find(isWord);
}

function statusIn(error: JsonObject): number | undefined {
  const figures = [error.status_code, error.status, error.code, error.statusCode];
  const statuses = figures.map((value) => asNumber(typeof value === 'string' ? Number(value) : value));
  return statuses.find((status) => status !== undefined && status >= 400 && status <= 599);
}

function messageIn(error: JsonObject, body: JsonObject): string | undefined {
  const plain = [error.message, error.Message, body.error, body.message].find(isWord);
  const raw = asObject(error.metadata)?.raw;
  // OpenRouter says only that its provider failed, and repeats the provider's own words beside
  if (plain !== undefined && isWord(raw) && /provider returned error/i.test(plain)) return `${plain}: ${rawText(raw)}`;
  return plain ?? detailText(error.detail ?? body.detail);
}

function rawText(raw: string): string {
  const inner = asObject(tryParseJson(raw));
  return asString(asObject(inner?.error)?.message) ?? asString(inner?.message) ?? raw;
}

/** Mistral, and every server made with FastAPI. */
function detailText(detail: Json | undefined): string | undefined {
  if (typeof detail === 'string') return detail;
  const lines = asArray(detail).map((item) => {
    const problem = asObject(item);
    return `${asArray(problem?.loc).join('.')}: ${asString(problem?.msg) ?? ''}`;
  });
  return lines.length === 0 ? asString(asObject(detail)?.message) : lines.join('; ');
}

function silentText(status: number | undefined): string {
  return status === undefined
    ? 'The upstream reported an error without a message.'
    : `The upstream answered with status ${status} and no message.`;
}

/** The text without keys, addresses of people, and what stands in the query of a link. */
function maskSecrets(text: string): string {
  return text
    .replace(/\b(sk|pk|gsk|xai|org|proj)-[\w-]{12,}/g, '$1-…')
    .replace(/\bAIza[\w-]{30,}/g, 'AIza…')
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '…@…')
    .replace(/(https?:\/\/[^\s?]+)\?[^\s]*/g, '$1');
}
