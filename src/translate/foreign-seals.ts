import { isObject, type Json, type JsonDraft, type JsonObject } from '../base/json.ts';
import type { CanonicalRequest, Message, TextPart, ToolCallPart } from './canonical/request.ts';
import type { DialectId } from './dialect-id.ts';
import { editObject } from './edit-body.ts';
import { endThinking } from './end-thinking.ts';
import { dropped } from './loss.ts';
import { openEnvelope } from './seal.ts';
import { fitsTarget, hasItsText, type SealOrigin } from './seal-origin.ts';

/** Whether a body may hold an envelope of ours; a cheap look at its bytes. */
export function mayHoldEnvelope(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('VFJJVjAx');
}

/** Objects that are nothing without their seal: they go as a whole. */
const THOUGHT_TYPES = new Set(['thinking', 'redacted_thinking', 'reasoning']);
/** The entries of OpenRouter's `reasoning_details`. */
const DETAIL = 'reasoning.';

/** Gemini's keys of a seal on a part; in every other dialect a seal stands on a thought. */
const SIGNATURE_KEYS = new Set(['thoughtSignature', 'thought_signature']);
const SEAL_KEYS = new Set([...SIGNATURE_KEYS, 'signature', 'data', 'encrypted_content']);
const OWN_DATA_KEYS = new Set(['args', 'response', 'parameters', 'parametersJsonSchema', 'input_schema', 'schema']);
/** What is left out once everything in it is gone, and what leaves its owner out too. */
const HOLLOW_KEYS = new Set(['reasoning_details', 'extra_content', 'google']);
const TURN_KEYS = new Set(['content', 'parts']);
/** What Gemini takes in the place of a lost seal on a call: https://ai.google.dev/gemini-api/docs/thought-signatures */
export const NO_SEAL = 'skip_thought_signature_validator';

/** What is told when earlier thoughts stay behind. */
export const THOUGHTS_REFUSED = dropped('thoughts', 'The upstream refused earlier thoughts as they were sealed.');

/**
 * A body for an upstream of its own dialect: our envelopes in it are opened where the seal is for this target; a thought under
 * another seal goes, since no upstream accepts it. `isForeign` tells it of seals that came without an envelope.
 */
export function openEnvelopesIn(
  body: JsonObject,
  target: SealOrigin,
  isForeign: (value: string) => boolean = () => false,
): JsonObject {
  return (cleanse(body, { target, isForeign }) as JsonObject | undefined) ?? {};
}

/**
 * A body without any thought of earlier turns, for an upstream that has refused their seals: it accepts a history without them.
 * Anthropic wants thoughts back in a tool loop as long as thinking has a budget, so that wish goes too.
 */
export function dropThoughtsIn(body: JsonObject, dialect: DialectId): JsonObject {
  const rest = dropThoughts(body) as JsonObject;
  if (dialect === 'gemini') return excuseCalls(rest);
  const { thinking } = rest;
  if (dialect !== 'anthropic-messages' || !isObject(thinking) || thinking.type !== 'enabled') return rest;
  return editObject(
    rest,
    endThinking((key) => rest[key]),
  );
}

/** The same for a request in canonical form. */
export function withoutThoughts(request: CanonicalRequest): CanonicalRequest {
  const messages = request.messages.map((message): Message => {
    if (message.role !== 'assistant') return message;
    const parts = message.parts
      .filter((part) => part.type !== 'reasoning')
      .map((part) => (part.type === 'text' || part.type === 'tool-call' ? unsealed(part) : part));
    return { ...message, parts };
  });
  return { ...request, messages };
}

function unsealed<P extends TextPart | ToolCallPart>(part: P): P {
  if (part.seal === undefined) return part;
  const { seal: _, ...rest } = part;
  return rest as P;
}

/** The first call of each of Gemini's turns with what stands for its seal, where it has none. */
function excuseCalls(body: JsonObject): JsonObject {
  if (!Array.isArray(body.contents)) return body;
  const contents = body.contents.map((turn: Json) => {
    const parts = isObject(turn) && Array.isArray(turn.parts) ? (turn.parts as readonly Json[]) : [];
    const first = parts.findIndex((part) => isObject(part) && part.functionCall !== undefined);
    const call = parts[first];
    if (!isObject(turn) || !isObject(call) || call.thoughtSignature !== undefined) return turn;
    return { ...turn, parts: parts.with(first, { ...call, thoughtSignature: NO_SEAL }) };
  });
  return { ...body, contents };
}

function dropThoughts(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isObject(item) || !isThoughtObject(item))
      .map(dropThoughts)
      .filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const rest: JsonDraft = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    if (isOwnData(key, value)) rest[key] = field;
    else if (!SIGNATURE_KEYS.has(key)) {
      const left = dropThoughts(field);
      if (isHollow(key, value, left)) {
        if (TURN_KEYS.has(key)) return undefined;
      } else rest[key] = left;
    } else if (value.functionCall !== undefined) rest[key] = NO_SEAL;
  }
  return rest;
}

/** Whether a field holds the client's own data, in which nothing is a thought whatever it is called. */
function isOwnData(key: string, owner: JsonObject): boolean {
  return OWN_DATA_KEYS.has(key) || (key === 'input' && owner.type === 'tool_use');
}

/** Whether a field has lost all that was in it, so that it must not stand there empty. */
function isHollow(key: string, owner: JsonObject, after: Json | undefined): boolean {
  const matters = HOLLOW_KEYS.has(key) || (TURN_KEYS.has(key) && owner.role !== undefined);
  if (!matters) return false;
  return after === undefined || (isEmpty(after) && !isEmpty(owner[key] ?? []));
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isThoughtObject(value: JsonObject): boolean {
  const type = String(value.type);
  return THOUGHT_TYPES.has(type) || type.startsWith(DETAIL) || value.thought === true;
}

interface Cleansing {
  readonly target: SealOrigin;
  readonly isForeign: (value: string) => boolean;
}

function cleanse(value: Json, by: Cleansing): Json | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => cleanse(item, by)).filter((item) => item !== undefined) as Json[];
  }
  return isObject(value) ? cleanseObject(value, by) : value;
}

function cleanseObject(value: JsonObject, by: Cleansing): JsonObject | undefined {
  const clean: JsonDraft = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    if (isOwnData(key, value)) {
      clean[key] = field;
      continue;
    }
    if (typeof field !== 'string' || !SEAL_KEYS.has(key)) {
      const left = cleanse(field, by);
      if (!isHollow(key, value, left)) clean[key] = left;
      else if (TURN_KEYS.has(key)) return undefined;
      continue;
    }
    const seal = openEnvelope(field);
    const native = seal === undefined ? field : seal.value;
    const fits =
      seal === undefined || (native !== '' && fitsTarget(seal, by.target) && hasItsText(seal, textOf(value)));
    if (!fits || by.isForeign(native)) {
      if (isThoughtObject(value)) return undefined;
      if (value.functionCall !== undefined) clean[key] = NO_SEAL;
      continue;
    }
    if (seal?.kind === 'redacted') return { type: 'redacted_thinking', data: native };
    clean[key] = native;
  }
  return clean;
}

/** The text of Anthropic's thought: the only one that its seal is compared with. */
function textOf({ thinking }: JsonObject): string {
  return typeof thinking === 'string' ? thinking : '';
}
