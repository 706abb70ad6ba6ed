import { invalidRequest } from '../base/gateway-error.ts';
import { asBoolean, asString, type JsonObject, parseJsonObject, tryParseJson } from '../base/json.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { type BodyScan, openScan, readText, type Span } from '../translate/scan-body.ts';
import type { SideCall } from './side-call.ts';

/** A request body, parsed no sooner and no more often than needed. */
export interface CallBody {
  readonly bytes: Uint8Array;
  /** The parsed body. Throws `invalid-request`. */
  json(): JsonObject;
  /** Where the value of an outermost key begins. */
  start(key: string): number | undefined;
  /** Where the value of an outermost key stands. */
  span(key: string): Span | undefined;
  /** The value of an outermost key, without parsing the rest of a large body. */
  field(key: string): unknown;
}

/** One request of a client, read and checked. */
export interface ClientCall {
  readonly exchangeId: string;
  readonly dialect: DialectId;
  readonly path: string;
  readonly headers: Headers;
  readonly body: CallBody;
  readonly model: string;
  readonly stream: boolean;
  /** Gemini without `alt=sse`: the stream is one JSON array. */
  readonly asArray: boolean;
  /** Losses are errors. */
  readonly strict: boolean;
  /** What is asked for besides a conversation. Absent: an answer to one. */
  readonly side?: SideCall;
  readonly signal: AbortSignal;
  /** The program that asked, in short: `claude-code`, `codex`, else its user agent's first word. */
  readonly client: string;
  readonly clientKey?: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly hint?: string;
  /** The part of the endpoint below its own path: `compact` of Responses. */
  readonly resource?: 'compact';
  /** Set when the body was written anew, with what it refers to in it; `previousId` is the response it goes on from. */
  readonly writtenOut?: { readonly previousId?: string };
}

/** Above this a body is scanned, not parsed, until somebody needs all of it: an agent's history costs more to parse than to pass on. */
const PARSE_LIMIT_BYTES = 32 * 1024;

/** Wraps the bytes of a body. Throws `invalid-request` when they cannot be a JSON object. */
export function readCallBody(bytes: Uint8Array): CallBody {
  let parsed: JsonObject | undefined;
  let scan: BodyScan | undefined;
  const json = () => {
    parsed ??= parseJsonObject(decodeUtf8(bytes));
    return parsed;
  };
  const scanned = <T>(look: (scan: BodyScan) => T): T => {
    scan ??= openScan(bytes);
    const found = look(scan);
    if (scan.isBroken()) throw invalidRequest('The request body must be a JSON object.');
    return found;
  };
  const span = (key: string) => scanned((body) => body.span(key));
  if (bytes.length <= PARSE_LIMIT_BYTES) json();
  else scanned(() => undefined);
  return {
    bytes,
    json,
    start: (key) => scanned((body) => body.start(key)),
    span,
    field: (key) => {
      if (parsed !== undefined) return parsed[key];
      const place = span(key);
      return place === undefined ? undefined : tryParseJson(readText(bytes, place));
    },
  };
}

/** A body that the gateway wrote itself; its bytes are made when somebody needs them. */
export function wrapBody(body: JsonObject): CallBody {
  let written: CallBody | undefined;
  const whole = () => {
    written ??= readCallBody(new TextEncoder().encode(JSON.stringify(body)));
    return written;
  };
  return {
    get bytes() {
      return whole().bytes;
    },
    json: () => body,
    start: (key) => whole().start(key),
    span: (key) => whole().span(key),
    field: (key) => body[key],
  };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidRequest('The request body is not valid UTF-8 text.');
  }
}

/** What every dialect but Gemini says in its body: the model, and whether a stream is wanted. Throws `invalid-request`. */
export function readIntent(body: CallBody): { model: string; stream: boolean } {
  const model = body.field('model');
  if (model === undefined) throw invalidRequest('The field "model" is missing: name the model to ask.', 'model');
  const name = asString(model);
  if (name === undefined || name === '') throw invalidRequest('The field "model" must be a non-empty string.', 'model');
  const stream = body.field('stream');
  if (stream !== undefined && stream !== null && asBoolean(stream) === undefined) {
    throw invalidRequest('The field "stream" must be true or false.', 'stream');
  }
  return { model: name, stream: stream === true };
}

/** The program behind a user agent, in a form of bounded size. */
export function nameClient(headers: Headers): string {
  const agent = headers.get('user-agent') ?? '';
  if (/^claude-cli\//.test(agent)) return 'claude-code';
  if (/^codex/i.test(agent) || /^codex/i.test(headers.get('originator') ?? '')) return 'codex';
  if (/^GeminiCLI/.test(agent)) return 'gemini-cli';
  if (/^genai-js\//.test(headers.get('x-goog-api-client') ?? '')) return 'generative-ai';
  return (agent.split(/[\s/]/)[0] ?? '').slice(0, 40) || 'unknown';
}
