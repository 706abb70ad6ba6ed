import { asObject, type Json, type JsonObject, tryParseJson } from '../base/json.ts';
import { type Edits, NO_EDITS } from './edit-body.ts';
import { sealCalls } from './passing-thoughts.ts';
import { openScan, readElements, readText, type Span } from './scan-body.ts';

/*
 * What a vendor demands of a history that another vendor's model wrote: changes to single members of a passing body, all of whose
 * other bytes stay. The history is scanned and only those turns are parsed that may be changed.
 */

const CALL = '"functionCall"';
const SIGNATURE = '"thoughtSignature"';

/** Changes that give what stands for a seal to turns of Gemini that have a call and no seal. */
export function excuseUnsealed(bytes: Uint8Array): Edits {
  const body = asBuffer(bytes);
  // a turn has one seal at least, so there is none to look for when there are as many as calls
  if (count(body, CALL) <= count(body, SIGNATURE)) return NO_EDITS;
  const replaced = new Map<number, Json>();
  const { list, elements } = readTurns(body, 'contents');
  for (const [at, span] of elements.entries()) {
    const text = list.subarray(span.start, span.end);
    const turn = text.includes(CALL) && !text.includes(SIGNATURE) ? parse(list, span) : undefined;
    const sealed = turn === undefined ? undefined : sealCalls(turn, undefined);
    if (sealed !== undefined && sealed !== turn) replaced.set(at, sealed);
  }
  return replaced.size === 0 ? NO_EDITS : new Map([['contents', { type: 'elements', replaced, added: [] }]]);
}

/** The last turn of a model in a body of Anthropic. */
export function lastModelTurn(bytes: Uint8Array): JsonObject | undefined {
  const { list, elements } = readTurns(asBuffer(bytes), 'messages');
  for (const span of elements.toReversed()) {
    const turn = list.subarray(span.start, span.end).includes('"assistant"') ? parse(list, span) : undefined;
    if (turn?.role === 'assistant') return turn;
  }
  return undefined;
}

interface Turns {
  readonly list: Buffer;
  readonly elements: readonly Span[];
}

function readTurns(body: Buffer, key: string): Turns {
  const span = openScan(body).span(key);
  const list = span === undefined ? body.subarray(0, 0) : body.subarray(span.start, span.end);
  return { list, elements: readElements(list) ?? [] };
}

function parse(list: Buffer, span: Span): JsonObject | undefined {
  return asObject(tryParseJson(readText(list, span)));
}

function count(body: Buffer, text: string): number {
  let found = 0;
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) found++;
  return found;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
