import { invalidRequest } from '../base/gateway-error.ts';
import { asBoolean, asString, type JsonObject, parseJsonObject, tryParseJson } from '../base/json.ts';
import type { BodyView } from '../translate/dialect.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { type BodyScan, openScan, readText, type Span } from '../translate/scan-body.ts';
import type { SideCall } from './side-call.ts';

/** A request body, parsed no sooner and no more often than needed. */
export interface CallBody extends BodyView {
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
  const body = new LazyBody(bytes);
  if (bytes.length <= PARSE_LIMIT_BYTES) body.json();
  else body.checkShape();
  return body;
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
    includes: (text) => whole().includes(text),
    start: (key) => whole().start(key),
    span: (key) => whole().span(key),
    field: (key) => body[key],
  };
}

class LazyBody implements CallBody {
  readonly bytes: Uint8Array;
  #parsed: JsonObject | undefined;
  #scan: BodyScan | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  json(): JsonObject {
    this.#parsed ??= parseJsonObject(decodeUtf8(this.bytes));
    return this.#parsed;
  }

  checkShape(): void {
    this.#scanned(() => undefined);
  }

  includes(text: string): boolean {
    const { bytes } = this;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text);
  }

  start(key: string): number | undefined {
    return this.#scanned((scan) => scan.start(key));
  }

  span(key: string): Span | undefined {
    return this.#scanned((scan) => scan.span(key));
  }

  field(key: string): unknown {
    if (this.#parsed !== undefined) return this.#parsed[key];
    const place = this.span(key);
    return place === undefined ? undefined : tryParseJson(readText(this.bytes, place));
  }

  #scanned<T>(look: (scan: BodyScan) => T): T {
    this.#scan ??= openScan(this.bytes);
    const found = look(this.#scan);
    if (this.#scan.isBroken()) throw invalidRequest('The request body must be a JSON object.');
    return found;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
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

/** Whether a call goes to another model than its client named; `account/model` names the model as well as the bare name does. */
export function isRenamed(call: ClientCall, model: string): boolean {
  return model !== call.model && !call.model.endsWith(`/${model}`);
}

/** The program behind a user agent, in a form of bounded size. */
export function nameClient(headers: Headers): string {
  const agent = headers.get('user-agent') ?? '';
  if (agent.startsWith('claude-cli/')) return 'claude-code';
  if (/^codex/i.test(agent) || /^codex/i.test(headers.get('originator') ?? '')) return 'codex';
  if (agent.startsWith('GeminiCLI')) return 'gemini-cli';
  if (headers.get('x-goog-api-client')?.startsWith('genai-js/')) return 'generative-ai';
  const end = agent.search(/[\s/]/);
  return agent.slice(0, end < 0 ? 40 : Math.min(end, 40)) || 'unknown';
}
