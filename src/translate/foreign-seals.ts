import { isObject, type Json, type JsonDraft, type JsonObject } from '../base/json.ts';
import type { CanonicalRequest, Message, TextPart, ToolCallPart } from './canonical/request.ts';
import type { DialectId } from './dialect-id.ts';
import { openEnvelope } from './seal.ts';

/** Whether a body may hold an envelope of ours; a cheap look at its bytes. */
export function mayHoldEnvelope(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('VFJJVjAx');
}

/** Objects that are nothing without their seal: they go as a whole. */
const THOUGHT_TYPES = new Set(['thinking', 'redacted_thinking', 'reasoning']);

/** Gemini's keys of a seal on a part; in every other dialect a seal stands on a thought. */
const SIGNATURE_KEYS = new Set(['thoughtSignature', 'thought_signature']);
const OWN_DATA_KEYS = new Set(['args', 'response', 'parameters', 'parametersJsonSchema', 'input_schema', 'schema']);
/** What Gemini takes in the place of a lost seal on a call: https://ai.google.dev/gemini-api/docs/thought-signatures */
const NO_SEAL = 'skip_thought_signature_validator';

/**
 * A body of `dialect` for an upstream of the same dialect: our envelopes in it are opened where the seal is the dialect's own;
 * a thought under another vendor's seal goes, since no upstream accepts it.
 */
export function openEnvelopesIn(body: JsonObject, dialect: DialectId): JsonObject {
  return (cleanse(body, dialect) as JsonObject | undefined) ?? {};
}

/**
 * A body without any thought of earlier turns, for an upstream that has refused their seals: it accepts a history without them.
 * Anthropic wants thoughts back in a tool loop as long as thinking has a budget, so that wish goes too.
 */
export function dropThoughtsIn(body: JsonObject, dialect: DialectId): JsonObject {
  const rest = dropThoughts(body) as JsonObject;
  const thinking = rest.thinking;
  if (dialect !== 'anthropic-messages' || !isObject(thinking) || thinking.type !== 'enabled') return rest;
  const { thinking: _, ...others } = rest;
  return others;
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

function dropThoughts(value: Json): Json {
  if (Array.isArray(value)) {
    return value.filter((item) => !isObject(item) || !isThoughtObject(item)).map(dropThoughts);
  }
  if (!isObject(value)) return value;
  const rest: JsonDraft = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    if (isOwnData(key, value)) rest[key] = field;
    else if (!SIGNATURE_KEYS.has(key)) rest[key] = dropThoughts(field);
    else if (value.functionCall !== undefined) rest[key] = NO_SEAL;
  }
  return rest;
}

/** Whether a field holds the client's own data, in which nothing is a thought whatever it is called. */
function isOwnData(key: string, owner: JsonObject): boolean {
  return OWN_DATA_KEYS.has(key) || (key === 'input' && owner.type === 'tool_use');
}

function isThoughtObject(value: JsonObject): boolean {
  return THOUGHT_TYPES.has(String(value.type)) || value.thought === true;
}

function cleanse(value: Json, dialect: DialectId): Json | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => cleanse(item, dialect)).filter((item) => item !== undefined) as Json[];
  }
  return isObject(value) ? cleanseObject(value, dialect) : value;
}

function cleanseObject(value: JsonObject, dialect: DialectId): JsonObject | undefined {
  const clean: JsonDraft = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const seal = typeof field === 'string' ? openEnvelope(field) : undefined;
    if (seal === undefined) {
      clean[key] = cleanse(field, dialect);
      continue;
    }
    const isThought = isThoughtObject(value);
    if (seal.dialect !== dialect || seal.value === '') {
      if (isThought) return undefined;
      if (value.functionCall !== undefined) clean[key] = NO_SEAL;
      continue;
    }
    if (seal.kind === 'redacted') return { type: 'redacted_thinking', data: seal.value };
    clean[key] = seal.value;
  }
  return clean;
}
