import { asArray, asObject, asString, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { readText, skipSpace } from '../translate/scan-body.ts';
import type { CallBody } from './call.ts';

/** What a session key is made of; a `ClientCall` is one. */
export interface SessionSource {
  readonly dialect: DialectId;
  readonly headers: { get(name: string): string | null | undefined };
  readonly body: CallBody;
}

const SESSION_HEADERS = ['x-claude-code-session-id', 'session-id', 'thread-id', 'x-session-affinity', 'x-session-id'];
const MAX_KEY_LENGTH = 200;
/** Larger values are looked at only by their beginning: the key must cost next to nothing. */
const MAX_PARSED_BYTES = 64 * 1024;
const HEAD_CHARACTERS = 1_024;
const TURN_CHARACTERS = 4_096;
const SCAN_ABOVE_BYTES = 32 * 1024;
const MAX_PARTS = 32;
const MAX_HEAD_BYTES = 1024 * 1024;
const TEXT_KEYS = ['text', 'content', 'parts', 'source', 'inlineData', 'image_url', 'url', 'data'];
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACKET = 91;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Where each dialect keeps its head and its turns; a plain prompt is no conversation. */
const PLACES: Record<DialectId, { readonly head: readonly string[]; readonly turns?: string }> = {
  'openai-chat': { head: [], turns: 'messages' },
  'openai-completions': { head: [] },
  'openai-responses': { head: ['instructions'], turns: 'input' },
  'anthropic-messages': { head: ['system'], turns: 'messages' },
  gemini: { head: ['systemInstruction', 'system_instruction'], turns: 'contents' },
};

/** What ties a request to the others of its conversation. */
export interface Session {
  readonly sessionKey: string;
  /** True: the request begins the conversation, for all that can be told. Others that begin with the same words are no part of it. */
  readonly opens?: boolean;
}

/**
 * Reads what ties the requests of one conversation together: the client's own mark when it sends one, else a hash of the head and
 * the first user turn, which later requests repeat. `undefined` when there is nothing to go by.
 */
export function sessionOf(source: SessionSource): Session | undefined {
  const mark = markInHeaders(source) ?? markInBody(source);
  if (mark === undefined) return hashOpening(source);
  return { sessionKey: mark.length <= MAX_KEY_LENGTH ? mark : hashText(mark, 0n).toString(36) };
}

function markInHeaders({ headers }: SessionSource): string | undefined {
  for (const name of SESSION_HEADERS) {
    const value = headers.get(name);
    if (value) return value;
  }
  return undefined;
}

/** Only the fields that a dialect has are looked up: each is a search of the whole body. */
function markInBody({ dialect, body }: SessionSource): string | undefined {
  switch (dialect) {
    case 'anthropic-messages':
      return sessionOfUser(asObject(body.field('metadata'))?.user_id);
    case 'gemini':
      return nonEmpty(body.field('cachedContent'));
    case 'openai-responses':
      return nonEmpty(body.field('prompt_cache_key')) ?? sessionOfResponses(body);
    case 'openai-chat':
      return nonEmpty(body.field('prompt_cache_key'));
    case 'openai-completions':
      return undefined;
    default:
      return dialect satisfies never;
  }
}

function sessionOfResponses(body: CallBody): string | undefined {
  const conversation = body.field('conversation');
  return nonEmpty(asObject(conversation)?.id ?? conversation) ?? nonEmpty(body.field('previous_response_id'));
}

/** Claude Code puts its session into the user id: as JSON, in older versions as `user_…_session_…`. Other user ids mark no conversation. */
function sessionOfUser(userId: unknown): string | undefined {
  const text = asString(userId);
  if (text === undefined) return undefined;
  if (text.startsWith('{')) return nonEmpty(asObject(tryParseJson(text))?.session_id);
  return nonEmpty(/_session_([\w-]+)$/.exec(text)?.[1]);
}

function hashOpening({ dialect, body }: SessionSource): Session | undefined {
  const places = PLACES[dialect];
  if (places.turns === undefined) return undefined;
  const { turns, opens } = readOpening(body, places.turns);
  const first = turns.at(-1);
  if (first === undefined) return undefined;
  const heads = [...places.head.map((key) => readHead(body, key)), ...turns.slice(0, -1)];
  const head = heads.reduce<bigint>((hash, value) => hashTexts(value, hash, HEAD_CHARACTERS), 0n);
  const sessionKey = `h${hashTexts(first, head, TURN_CHARACTERS).toString(36)}`;
  return opens ? { sessionKey, opens } : { sessionKey };
}

/** The turns up to the user's first one, which is the last here; none when there is no such turn. */
interface Opening {
  readonly turns: readonly unknown[];
  /** True when nothing follows them. */
  readonly opens: boolean;
}

function readOpening(body: CallBody, key: string): Opening {
  const list = body.bytes.length > SCAN_ABOVE_BYTES ? body.start(key) : undefined;
  if (list !== undefined && body.bytes[list] === OPEN_BRACKET) return readFirstTurns(body.bytes, list);
  const turns = body.field(key);
  if (typeof turns === 'string') return { turns: [turns], opens: true };
  const all = asArray(turns);
  const end = all.findIndex(isUserTurn);
  return { turns: all.slice(0, end + 1), opens: end === all.length - 1 };
}

function isUserTurn(turn: unknown): boolean {
  return (
    typeof turn === 'string' || (isObject(turn) && (turn.role === undefined ? 'parts' in turn : turn.role === 'user'))
  );
}

/** The opening of a list too large to be parsed; what follows it is not looked at. */
function readFirstTurns(bytes: Uint8Array, list: number): Opening {
  const turns: unknown[] = [];
  let at = skipSpace(bytes, list + 1);
  while (bytes[at] === OPEN_BRACE && turns.length < MAX_PARTS) {
    const end = endOfObject(bytes, at, bytes.length);
    const isSmall = end - at <= MAX_PARSED_BYTES;
    const turn = isSmall ? tryParseJson(readText(bytes, { start: at, end })) : readStart(bytes, at, end);
    turns.push(turn);
    const next = skipSpace(bytes, end);
    if (isUserTurn(turn)) return { turns, opens: bytes[next] !== COMMA };
    at = skipSpace(bytes, next + 1);
  }
  return { turns: [], opens: false };
}

/** A turn with a picture in it, say: its beginning stands for it. */
function readStart(bytes: Uint8Array, start: number, end: number): JsonObject | string {
  const text = readText(bytes, { start, end: Math.min(start + TURN_CHARACTERS, end) });
  return /"role"\s*:\s*"(?:system|developer|model|assistant)"/.test(text) ? { role: 'system', text } : text;
}

/** The place after the brace that closes the object at `open`. */
function endOfObject(bytes: Uint8Array, open: number, limit: number): number {
  let depth = 0;
  for (let at = open; at < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at, limit);
    else if (byte === OPEN_BRACE) depth++;
    else if (byte === CLOSE_BRACE && --depth === 0) return at + 1;
  }
  return limit;
}

function endOfString(bytes: Uint8Array, open: number, limit: number): number {
  for (let at = bytes.indexOf(QUOTE, open + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return limit;
}

function readHead(body: CallBody, key: string): unknown {
  return isLarger(body, key, MAX_HEAD_BYTES) ? undefined : body.field(key);
}

/** Scans only bodies that are large as a whole: with the others that would cost more than it saves. */
function isLarger(body: CallBody, key: string, limit: number): boolean {
  if (body.bytes.length <= SCAN_ABOVE_BYTES) return false;
  const span = body.span(key);
  return span !== undefined && span.end - span.start > limit;
}

/** Hashes the texts of a turn and nothing else of it: clients move cache marks from turn to turn. */
function hashTexts(value: unknown, seed: bigint, limit: number): bigint {
  if (typeof value === 'string') return hashText(value.slice(0, limit), seed);
  if (Array.isArray(value)) {
    return value.slice(0, MAX_PARTS).reduce<bigint>((hash, part) => hashTexts(part, hash, limit), seed);
  }
  if (!isObject(value)) return seed;
  return TEXT_KEYS.reduce((hash, key) => (value[key] === undefined ? hash : hashTexts(value[key], hash, limit)), seed);
}

function hashText(text: string, seed: bigint): bigint {
  return BigInt(Bun.hash(text, seed));
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
