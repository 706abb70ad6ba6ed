import { isObject, type Json, type JsonDraft, type JsonObject } from '../base/json.ts';
import type { DialectId } from './dialect-id.ts';
import { openEnvelope } from './seal.ts';

/** Whether a body may hold an envelope of ours; a cheap look at its bytes. */
export function mayHoldEnvelope(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('VFJJVjAx');
}

/** Objects that are nothing without their seal: they go as a whole. */
const THOUGHT_TYPES = new Set(['thinking', 'redacted_thinking', 'reasoning']);

/**
 * A body of `dialect` for an upstream of the same dialect: our envelopes in it are opened where the seal is the dialect's own;
 * a thought under another vendor's seal goes, since no upstream accepts it.
 */
export function openEnvelopesIn(body: JsonObject, dialect: DialectId): JsonObject {
  return (cleanse(body, dialect) as JsonObject | undefined) ?? {};
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
    const isThought = THOUGHT_TYPES.has(String(value.type)) || value.thought === true;
    if (seal.dialect !== dialect || seal.value === '') {
      if (isThought) return undefined;
      continue;
    }
    if (seal.kind === 'redacted') return { type: 'redacted_thinking', data: seal.value };
    clean[key] = seal.value;
  }
  return clean;
}
