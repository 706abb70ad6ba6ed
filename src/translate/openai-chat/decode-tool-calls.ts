import { asNumber, asObject, asString, type Json, type JsonObject } from '../../base/json.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Seal } from '../seal.ts';
import { addArguments, type CallBlock, isWhole, type OneBlock, openCall, startCall } from '../stream/one-block.ts';
import { createCallIds } from './call-ids.ts';
import { argumentsText, readCallSeal } from './decode-assistant.ts';

interface Slot {
  readonly block: CallBlock;
  id?: string;
  name?: string;
  custom: boolean;
  seal?: Seal;
}

/** The calls of a streamed answer, as far as they are known. */
export interface StreamedCalls {
  readonly blocks: OneBlock;
  readonly context: AnswerContext;
  readonly mintId: (wireId: string | undefined) => string;
  readonly slots: Slot[];
  readonly byIndex: Map<number, Slot>;
}

/** Begins an answer without calls. */
export function startCalls(blocks: OneBlock, context: AnswerContext): StreamedCalls {
  return { blocks, context, mintId: createCallIds(context), slots: [], byIndex: new Map() };
}

/**
 * Takes a piece of a call. Servers leave out the index or the id, repeat them empty, send calls whole, or give several calls
 * one index; a piece belongs to the call it can belong to. https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function addCallPiece(calls: StreamedCalls, piece: JsonObject): void {
  const custom = asObject(piece.custom);
  const definition = asObject(piece.function) ?? custom ?? {};
  const id = filled(piece.id);
  const name = filled(definition.name);
  const slot = slotFor(calls, { index: asNumber(piece.index), id, name });
  if (id !== undefined) slot.id ??= id;
  if (name !== undefined) slot.name ??= name;
  if (custom !== undefined || piece.type === 'custom') slot.custom = true;
  const { seal } = readCallSeal(piece);
  if (seal !== undefined) slot.seal ??= seal;
  const text = argumentsOf(custom ?? definition, slot.custom);
  if (slot.name !== undefined && (slot.id !== undefined || text !== '')) start(calls, slot, slot.name);
  addArguments(calls.blocks, slot.block, text);
}

/** Names the calls that never got a name or an id, so that none of them is lost. */
export function nameCalls(calls: StreamedCalls): void {
  for (const slot of calls.slots) {
    const isNothing = slot.name === undefined && slot.id === undefined && slot.block.text === '';
    if (!isNothing) start(calls, slot, slot.name ?? likelyName(calls.context));
  }
}

/** True when the arguments of some call broke off. */
export function hasBrokenCall(calls: StreamedCalls): boolean {
  return calls.slots.some(({ block }) => block.text.trim() !== '' && !isWhole(block));
}

function filled(value: Json | undefined): string | undefined {
  return asString(value) || undefined;
}

function argumentsOf(definition: JsonObject, custom: boolean): string {
  return argumentsText(custom ? definition.input : definition.arguments);
}

interface Address {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
}

function slotFor(calls: StreamedCalls, address: Address): Slot {
  const known = findSlot(calls, address);
  if (known !== undefined && !beginsAnother(known, address)) return known;
  const slot: Slot = { block: openCall(calls.blocks), custom: false };
  calls.slots.push(slot);
  if (address.index !== undefined) calls.byIndex.set(address.index, slot);
  return slot;
}

function findSlot(calls: StreamedCalls, { index, id }: Address): Slot | undefined {
  if (index !== undefined) return calls.byIndex.get(index);
  return id === undefined ? calls.slots.at(-1) : calls.slots.find((slot) => slot.id === id);
}

/** True when a piece that is addressed to a call is the first of another one: a new name, and the call has all it needs. */
function beginsAnother(slot: Slot, { id, name, index }: Address): boolean {
  if (name === undefined || slot.name === undefined) return false;
  const isOther = id !== undefined && slot.id !== undefined ? id !== slot.id : index === undefined;
  if (!isOther) return false;
  return isWhole(slot.block) || (slot.block.text === '' && name !== slot.name);
}

function start(calls: StreamedCalls, slot: Slot, name: string): void {
  if (slot.block.start !== undefined) return;
  startCall(calls.blocks, slot.block, {
    callId: calls.mintId(slot.id),
    kind: slot.custom ? 'custom' : 'function',
    name,
    ...(slot.seal === undefined ? {} : { seal: slot.seal }),
  });
}

function likelyName(context: AnswerContext): string {
  const [only, ...others] = context.request.tools;
  return only !== undefined && only.kind !== 'opaque' && others.length === 0 ? only.name : 'unnamed_tool';
}
