import { asObjects, asString, type Json, type JsonObject } from '../../base/json.ts';
import { readAnnotation } from './citations.ts';
import { callHead, imageOf, opaqueOf, sealOfReasoning, textOfCall } from './decode-output.ts';
import { callIdFor } from './decode-response.ts';
import { closeItem, type DecodeState, type StreamItem, tell } from './decode-state.ts';
import { expandParallel, isWrapper } from './expand-parallel.ts';

/** What a piece of text belongs to: what a message says, what was thought, or the arguments of a call. */
export type PartKind = 'text' | 'refusal' | 'summary' | 'thought' | 'call';

/** Takes in how an item was announced. The call it may be starts when its name and id are known. */
export function beginItem(state: DecodeState, item: StreamItem, head: JsonObject): void {
  item.head = head;
  const isKnown = isCall(head) && asString(head.name) && asString(head.call_id);
  if (isKnown && !isWrapper(asString(head.name), state.context)) startCall(state, item);
}

/** The key of a part among the texts of its item. */
function partKey(kind: PartKind, at: number): string {
  return kind === 'call' ? kind : `${kind}${at}`;
}

/** Adds text to a part. */
export function growPart(state: DecodeState, item: StreamItem, kind: PartKind, piece: { at: number; text: string }) {
  const { text } = piece;
  if (item.closed || text === '') return;
  const key = partKey(kind, piece.at);
  item.told.set(key, (item.told.get(key) ?? '') + text);
  switch (kind) {
    case 'text':
    case 'refusal':
      openText(state, item, kind, key);
      if (kind === 'text') state.shownText = true;
      else state.refusal += text;
      tell(state, item, { type: 'text-delta', text });
      return;
    case 'summary':
    case 'thought':
      openThought(state, item, key);
      tell(state, item, { type: 'reasoning-delta', text });
      return;
    case 'call':
      // before its start the text is only kept
      if (item.block === 'call') tell(state, item, { type: 'tool-call-delta', text });
      return;
    default:
      kind satisfies never;
  }
}

/** Takes in the whole text of a part: what its deltas lacked is added. */
export function settlePart(state: DecodeState, item: StreamItem, kind: PartKind, whole: { at: number; text: string }) {
  const told = item.told.get(partKey(kind, whole.at)) ?? '';
  if (whole.text.length <= told.length || !whole.text.startsWith(told)) return;
  growPart(state, item, kind, { at: whole.at, text: whole.text.slice(told.length) });
}

/** Tells sources of a part, as long as it is the one that is being told. */
export function citePart(state: DecodeState, item: StreamItem, at: number, annotations: readonly JsonObject[]): void {
  const key = partKey('text', at);
  if (item.closed || item.block !== 'text' || item.part !== key) return;
  item.cited.set(key, (item.cited.get(key) ?? 0) + annotations.length);
  for (const annotation of annotations) tell(state, item, { type: 'citation', citation: readAnnotation(annotation) });
}

function openText(state: DecodeState, item: StreamItem, kind: 'text' | 'refusal', key: string): void {
  if (item.block === kind && item.part === key) return;
  if (item.block !== undefined) tell(state, item, { type: 'text-end' });
  item.block = kind;
  item.part = key;
  tell(state, item, kind === 'refusal' ? { type: 'text-start', refusal: true } : { type: 'text-start' });
}

function openThought(state: DecodeState, item: StreamItem, key: string): void {
  const isRaw = key.startsWith('thought');
  if (item.block === undefined) {
    tell(state, item, isRaw ? { type: 'reasoning-start', raw: true } : { type: 'reasoning-start' });
  } else if (item.part !== key) tell(state, item, { type: 'reasoning-delta', text: '\n\n' });
  item.block = 'reasoning';
  item.part = key;
}

function startCall(state: DecodeState, item: StreamItem): void {
  if (item.block === 'call') return;
  item.block = 'call';
  tell(state, item, { type: 'tool-call-start', ...callHead(item.head, callIdFor(state.context, item.index)) });
  const text = item.told.get('call');
  if (text !== undefined) tell(state, item, { type: 'tool-call-delta', text });
}

type FinishItem = (state: DecodeState, item: StreamItem, whole: JsonObject) => void;

const FINISHERS: ReadonlyMap<string, FinishItem> = new Map<string, FinishItem>([
  ['message', finishMessage],
  ['reasoning', finishReasoning],
  ['function_call', finishCall],
  ['custom_tool_call', finishCall],
  ['image_generation_call', finishImage],
]);

/** Takes in a finished item, tells what is missing of it, and closes it. */
export function finishItem(state: DecodeState, item: StreamItem, whole: JsonObject): void {
  const type = asString(whole.type) ?? asString(item.head.type);
  const finish = type === undefined ? closeBlock : (FINISHERS.get(type) ?? finishOther);
  finish(state, item, whole);
  closeItem(state, item);
}

function finishMessage(state: DecodeState, item: StreamItem, whole: JsonObject): void {
  if (whole.role === undefined || whole.role === 'assistant') {
    asObjects(whole.content).forEach((part, at) => {
      const refusal = asString(part.refusal);
      if (refusal !== undefined) settlePart(state, item, 'refusal', { at, text: refusal });
      else finishText(state, item, part, at);
    });
  }
  closeBlock(state, item);
}

function finishText(state: DecodeState, item: StreamItem, part: JsonObject, at: number): void {
  settlePart(state, item, 'text', { at, text: asString(part.text) ?? '' });
  const untold = asObjects(part.annotations).slice(item.cited.get(partKey('text', at)) ?? 0);
  if (untold.length > 0) citePart(state, item, at, untold);
}

function finishReasoning(state: DecodeState, item: StreamItem, whole: JsonObject): void {
  settleTexts(state, item, 'summary', whole.summary);
  if (item.block === undefined || item.part?.startsWith('thought')) settleTexts(state, item, 'thought', whole.content);
  const seal = sealOfReasoning(whole) ?? sealOfReasoning(item.head);
  if (item.block === undefined) {
    if (seal === undefined) return;
    tell(state, item, { type: 'reasoning-start' });
  }
  tell(state, item, seal === undefined ? { type: 'reasoning-end' } : { type: 'reasoning-end', seal });
}

function settleTexts(state: DecodeState, item: StreamItem, kind: PartKind, parts: Json | undefined): void {
  asObjects(parts).forEach((part, at) => {
    settlePart(state, item, kind, { at, text: asString(part.text) ?? '' });
  });
}

function finishCall(state: DecodeState, item: StreamItem, whole: JsonObject): void {
  item.head = { ...item.head, ...whole };
  const text = textOfCall(item.head);
  // nothing at all is known of such a call
  if (!asString(item.head.name) && !asString(item.head.call_id) && text === '' && !item.told.has('call')) return;
  if (isWrapper(asString(item.head.name), state.context)) {
    tellWrapped(state, item, text === '' ? (item.told.get('call') ?? '') : text);
    return;
  }
  startCall(state, item);
  settlePart(state, item, 'call', { at: 0, text });
  closeBlock(state, item);
}

function tellWrapped(state: DecodeState, item: StreamItem, text: string): void {
  const head = callHead(item.head, callIdFor(state.context, item.index));
  for (const part of expandParallel({ type: 'tool-call', ...head, arguments: text }, state.context)) {
    if (part.type !== 'tool-call') continue;
    const { type: _part, arguments: input, ...call } = part;
    tell(state, item, { type: 'tool-call-start', ...call });
    tell(state, item, { type: 'tool-call-delta', text: input });
    tell(state, item, { type: 'tool-call-end' });
  }
}

function finishImage(state: DecodeState, item: StreamItem, whole: JsonObject): void {
  const part = imageOf(whole);
  tell(state, item, part.type === 'media' ? { type: 'media', part } : { type: 'opaque', part });
}

function finishOther(state: DecodeState, item: StreamItem, whole: JsonObject): void {
  const type = asString(whole.type);
  if (type !== undefined) tell(state, item, { type: 'opaque', part: opaqueOf(whole, type) });
}

function closeBlock(state: DecodeState, item: StreamItem): void {
  switch (item.block) {
    case 'text':
    case 'refusal':
      tell(state, item, { type: 'text-end' });
      return;
    case 'reasoning':
      tell(state, item, { type: 'reasoning-end' });
      return;
    case 'call':
      tell(state, item, { type: 'tool-call-end' });
      return;
    default:
      return;
  }
}

function isCall(item: JsonObject): boolean {
  return item.type === 'function_call' || item.type === 'custom_tool_call';
}
