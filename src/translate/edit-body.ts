import { asArray, asObject, type Json, type JsonDraft, type JsonObject } from '../base/json.ts';
import { readElements, readMembers, type Span } from './scan-body.ts';

/** A change to one value: another in its place, its end, or changes inside it. */
export type Edit =
  | { readonly type: 'set'; readonly value: Json }
  | { readonly type: 'remove' }
  | { readonly type: 'members'; readonly edits: Edits }
  | { readonly type: 'elements'; readonly replaced: ReadonlyMap<number, Json>; readonly added: readonly Json[] };

/** Changes to members of an object, by key. A member that is not there is added by `set`. */
export type Edits = ReadonlyMap<string, Edit>;

/** No changes at all. */
export const NO_EDITS: Edits = new Map();

/** Another value in the place of a member's. */
export function set(value: Json): Edit {
  return { type: 'set', value };
}

/** The end of a member. */
export const REMOVE: Edit = { type: 'remove' };

/** An object with its members changed. */
export function editObject(object: JsonObject, edits: Edits): JsonObject {
  const draft: JsonDraft = { ...object };
  for (const [key, edit] of edits) {
    const value = draft[key];
    if (edit.type === 'set') draft[key] = edit.value;
    else if (edit.type === 'remove') delete draft[key];
    else if (edit.type === 'members') draft[key] = editObject(asObject(value) ?? {}, edit.edits);
    else draft[key] = [...asArray(value).map((item, at) => edit.replaced.get(at) ?? item), ...edit.added];
  }
  return draft;
}

/**
 * The bytes of an object with its members changed; every other byte is kept, since vendors' proofs in a history hang on them.
 * Bytes that are no object come back as they are.
 */
export function editBytes(bytes: Uint8Array, edits: Edits): Uint8Array {
  const members = edits.size === 0 ? undefined : readMembers(bytes);
  if (members === undefined) return bytes;
  const pieces: Uint8Array[] = [];
  let written = members[0]?.keyStart ?? bytes.indexOf(OPEN_BRACE) + 1;
  const opening = bytes.subarray(0, written);
  for (const { key, keyStart, value } of members) {
    const edit = edits.get(key);
    const separator = pieces.length === 0 ? EMPTY : bytes.subarray(written, keyStart);
    written = value.end;
    if (edit?.type === 'remove') continue;
    pieces.push(
      separator,
      bytes.subarray(keyStart, value.start),
      editValue(bytes.subarray(value.start, value.end), edit),
    );
  }
  const known = new Set(members.map((member) => member.key));
  for (const [key, edit] of edits) {
    if (known.has(key) || edit.type !== 'set') continue;
    const comma = pieces.length === 0 ? '' : ',';
    pieces.push(toBytes(`${comma}${JSON.stringify(key)}:${JSON.stringify(edit.value)}`));
  }
  return Buffer.concat([opening, ...pieces, bytes.subarray(written)]);
}

/** The bytes of an object with one more member, which stands first: nothing has to be read for it, however long the object is. */
export function prependMember(bytes: Uint8Array, key: string, value: Json): Uint8Array {
  const inside = bytes.indexOf(OPEN_BRACE) + 1;
  const member = toBytes(`${JSON.stringify(key)}:${JSON.stringify(value)},`);
  return Buffer.concat([bytes.subarray(0, inside), member, bytes.subarray(inside)]);
}

const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;
const EMPTY = new Uint8Array();

function editValue(bytes: Uint8Array, edit: Edit | undefined): Uint8Array {
  switch (edit?.type) {
    case 'set':
      return toBytes(JSON.stringify(edit.value));
    case 'members':
      return editBytes(bytes, edit.edits);
    case 'elements':
      return editElements(bytes, edit);
    default:
      return bytes;
  }
}

function editElements(bytes: Uint8Array, edit: Edit & { readonly type: 'elements' }): Uint8Array {
  const elements = readElements(bytes);
  if (elements === undefined) return bytes;
  const pieces: Uint8Array[] = [];
  let written = 0;
  for (const [at, { start, end }] of elements.entries()) {
    const value = edit.replaced.get(at);
    if (value === undefined) continue;
    pieces.push(bytes.subarray(written, start), toBytes(JSON.stringify(value)));
    written = end;
  }
  const end = endOf(elements, bytes);
  pieces.push(bytes.subarray(written, end));
  for (const [at, value] of edit.added.entries()) {
    pieces.push(toBytes(`${elements.length + at === 0 ? '' : ','}${JSON.stringify(value)}`));
  }
  return Buffer.concat([...pieces, bytes.subarray(end)]);
}

/** The place behind the last element, or behind the bracket of an empty array. */
function endOf(elements: readonly Span[], bytes: Uint8Array): number {
  return elements.at(-1)?.end ?? bytes.indexOf(OPEN_BRACKET) + 1;
}

function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
