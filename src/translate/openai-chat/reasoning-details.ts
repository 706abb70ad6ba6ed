import { asObjects, asString, type JsonDraft, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { ReasoningPart } from '../canonical/request.ts';
import { openEnvelope, type Seal, writeSeal } from '../seal.ts';

/*
 * OpenRouter's `reasoning_details`: https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
 * They must come back as they were, so a seal of this dialect holds the whole list as JSON. The one text that the thought itself
 * repeats is left out of it.
 */

/** Pieces of a list that belong together are one entry: same type, same index. */
export function mergeDetails(pieces: readonly JsonObject[]): JsonObject[] {
  const merged: JsonDraft[] = [];
  for (const piece of pieces) {
    const known = merged.find(
      (entry) => piece.index !== undefined && entry.index === piece.index && entry.type === piece.type,
    );
    if (known === undefined) merged.push(withoutNulls(piece));
    else addPiece(known, piece);
  }
  return merged;
}

const GROWING: ReadonlySet<string> = new Set(['text', 'summary']);

function addPiece(entry: JsonDraft, piece: JsonObject): void {
  for (const [key, value] of Object.entries(piece)) {
    if (value === null || value === undefined || value === '') continue;
    const before = entry[key];
    const grows = GROWING.has(key) && typeof before === 'string' && typeof value === 'string';
    entry[key] = grows ? before + value : value;
  }
}

function withoutNulls(piece: JsonObject): JsonDraft {
  return Object.fromEntries(Object.entries(piece).filter(([, value]) => value !== null && value !== undefined));
}

/** The thoughts that a list tells. Entries of our own making are one thought each; a vendor's list is one thought in all. */
export function readDetails(pieces: readonly JsonObject[]): ReasoningPart[] {
  const thoughts: ReasoningPart[] = [];
  const native: JsonObject[] = [];
  for (const entry of mergeDetails(pieces)) {
    const seal = sealOfEntry(entry);
    if (seal === undefined) native.push(entry);
    else thoughts.push({ type: 'reasoning', text: textOfEntry(entry) ?? '', seal });
  }
  const own = readNative(native);
  return own === undefined ? thoughts : [...thoughts, own];
}

function sealOfEntry(entry: JsonObject): Seal | undefined {
  return openEnvelope(asString(entry.signature) ?? asString(entry.data) ?? '');
}

function textOfEntry(entry: JsonObject): string | undefined {
  return asString(entry.text) ?? asString(entry.summary);
}

function readNative(entries: readonly JsonObject[]): ReasoningPart | undefined {
  const text = entries.map((entry) => textOfEntry(entry) ?? '').join('');
  const seal = sealOfDetails(entries);
  if (text === '' && seal === undefined) return undefined;
  return { type: 'reasoning', text, ...(seal === undefined ? {} : { seal }) };
}

/** The seal in a vendor's list; `undefined` when it proves nothing. */
export function sealOfDetails(entries: readonly JsonObject[]): Seal | undefined {
  const isProof = (entry: JsonObject) => Boolean(entry.signature) || Boolean(entry.data);
  if (!entries.some(isProof)) return undefined;
  const told = entries.filter((entry) => textOfEntry(entry) !== undefined);
  const kept = told.length === 1 ? entries.map((entry) => (entry === told[0] ? withoutText(entry) : entry)) : entries;
  return { dialect: 'openai-chat', value: JSON.stringify(kept) };
}

function withoutText(entry: JsonObject): JsonObject {
  const { text: _text, summary: _summary, ...rest } = entry;
  return rest;
}

/** The list that a thought is written as. `index` is the place of the first entry of a thought that came without a list. */
export function writeDetails(thought: ReasoningPart, index: number): JsonObject[] {
  const { seal, text } = thought;
  const own = seal?.dialect === 'openai-chat' ? asObjects(tryParseJson(seal.value)) : [];
  if (own.length > 0)
    return own.some((entry) => textOfEntry(entry)) ? [...own] : own.map((entry) => withText(entry, text));
  if (seal?.kind === 'redacted') return [encryptedDetail(seal, index)];
  return [{ ...textDetail(text, index), ...(seal === undefined ? {} : { signature: writeSeal(seal, 'openai-chat') }) }];
}

/** An entry that tells a thought. */
export function textDetail(text: string, index: number): JsonObject {
  return { type: 'reasoning.text', text, format: 'unknown', index };
}

/** The entries that prove a thought whose text has been told already. */
export function proofDetails(seal: Seal, index: number): JsonObject[] {
  const own = seal.dialect === 'openai-chat' ? asObjects(tryParseJson(seal.value)) : [];
  if (own.length > 0) return [...own];
  if (seal.kind === 'redacted') return [encryptedDetail(seal, index)];
  return [{ type: 'reasoning.text', signature: writeSeal(seal, 'openai-chat'), format: 'unknown', index }];
}

function encryptedDetail(seal: Seal, index: number): JsonObject {
  return { type: 'reasoning.encrypted', data: writeSeal(seal, 'openai-chat'), format: 'unknown', index };
}

function withText(entry: JsonObject, text: string): JsonObject {
  if (text === '') return entry;
  if (entry.type === 'reasoning.summary') return { ...entry, summary: text };
  return entry.type === 'reasoning.text' ? { ...entry, text } : entry;
}
