import { mintId } from '../../base/id.ts';
import { asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { type Citation, shiftCitation } from '../canonical/citation.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { CanonicalRequest, MediaPart } from '../canonical/request.ts';
import type { FinishReason } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { kindOfType } from '../media-type.ts';
import { restoreValues } from '../schema/restore-values.ts';
import { readSeal, type Seal } from '../seal.ts';
import type { Emit } from '../stream/transducer.ts';
import { readSources } from './citations.ts';
import { createPartialArguments, type PartialArguments } from './partial-arguments.ts';
import { opaqueOf } from './server-tools.ts';
import { SKIP_SIGNATURES } from './wire.ts';

interface PartialCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly args: PartialArguments;
  seal: Seal | undefined;
  /** True once its start was told, which waits for the first arguments, since the signature may come with them. */
  started: boolean;
}

/** The parts of an answer on their way to events: text and thoughts stay open over many parts. */
export interface AnswerParts {
  readonly emit: Emit<CanonicalEvent>;
  readonly context: AnswerContext;
  open: 'text' | 'reasoning' | undefined;
  /** The signature of the open block, told when it ends. */
  seal: Seal | undefined;
  /** All that was said, where the open text begins in it, and sources that were not told yet, placed in all that is said. */
  said: string;
  textStart: number;
  sources: readonly Citation[];
  /** A call whose arguments are still coming. */
  partial: PartialCall | undefined;
  calls: number;
  /** Call ids of the conversation so far; filled at the first call. */
  usedIds: Set<string> | undefined;
  /** True once there was anything that a user would see or a client would run. */
  hasContent: boolean;
}

/** Makes the state of an answer that has no part yet. */
export function createAnswerParts(context: AnswerContext, emit: Emit<CanonicalEvent>): AnswerParts {
  return {
    emit,
    context,
    open: undefined,
    seal: undefined,
    said: '',
    textStart: 0,
    sources: [],
    partial: undefined,
    calls: 0,
    usedIds: undefined,
    hasContent: false,
  };
}

type ReadKind = (state: AnswerParts, data: JsonObject, seal: Seal | undefined) => void;

/** How parts are read that are not text; any other object in a part is kept as it is. */
const READERS: { readonly [kind: string]: ReadKind | undefined } = {
  functionCall: readCall,
  inlineData: readInline,
  fileData: readFile,
};

/** Takes in the sources that a chunk names, before its parts are read: they are placed in all that is said with them. */
export function expectSources(state: AnswerParts, candidate: JsonObject, parts: readonly JsonObject[]): void {
  const told = parts.map((part) => (part.thought === true ? '' : (asString(part.text) ?? '')));
  const sources = readSources(candidate, state.said + told.join(''));
  if (sources.length > 0) state.sources = sources;
}

/** Reads one part of an answer. */
export function readPart(state: AnswerParts, part: JsonObject): void {
  const seal = readSignature(part);
  if (typeof part.text === 'string') {
    if (part.thought === true) addText(state, 'reasoning', part.text, seal);
    else addText(state, 'text', part.text, seal);
    return;
  }
  const isData = (key: string) => isObject(part[key]);
  const kind = Object.keys(READERS).find(isData) ?? Object.keys(part).find(isData);
  if (kind === undefined) {
    if (seal !== undefined) addText(state, 'text', '', seal);
    return;
  }
  // pictures that are only thoughts of the picture to come
  if (part.thought === true && kind === 'inlineData') return;
  const read = READERS[kind];
  if (read !== undefined) read(state, part[kind] as JsonObject, seal);
  else emitAlone(state, { type: 'opaque', part: opaqueOf(part, kind) });
}

/** Ends what is open. A call in which the answer was cut off stays half a call: nobody may take its arguments for whole. */
export function closeParts(state: AnswerParts, reason: FinishReason): void {
  if (reason === 'length' && state.partial !== undefined) {
    if (state.partial.started) state.emit({ type: 'tool-call-end' });
    state.partial = undefined;
  }
  closeBlock(state);
}

function readSignature(part: JsonObject): Seal | undefined {
  const signature = asString(part.thoughtSignature);
  if (signature === undefined || signature === '' || SKIP_SIGNATURES.includes(signature)) return undefined;
  return readSeal(signature, 'gemini');
}

function addText(state: AnswerParts, block: 'text' | 'reasoning', text: string, seal: Seal | undefined): void {
  if (text === '' && seal === undefined) return;
  if (state.open !== block) closeBlock(state);
  if (text !== '') {
    if (state.open === undefined) startBlock(state, block);
    state.open = block;
    state.hasContent = true;
    if (block === 'text') state.said += text;
    state.emit(block === 'text' ? { type: 'text-delta', text } : { type: 'reasoning-delta', text });
  }
  if (seal === undefined) return;
  state.seal = block === 'text' ? { ...seal, attach: 'text' } : seal;
  // a signature without text has a block of its own
  if (state.open === undefined) endBlock(state, block);
}

function closeBlock(state: AnswerParts): void {
  closeCall(state);
  if (state.open !== undefined) endBlock(state, state.open);
}

function startBlock(state: AnswerParts, block: 'text' | 'reasoning'): void {
  state.textStart = state.said.length;
  state.emit({ type: block === 'text' ? 'text-start' : 'reasoning-start' });
}

/** Tells the sources of the text that ends. */
function tellSources(state: AnswerParts): void {
  const end = state.said.length;
  const isHere = (citation: Citation) => citation.start < end && citation.end > state.textStart;
  for (const source of state.sources.filter(isHere)) {
    const citation = shiftCitation({ ...source, end: Math.min(source.end, end) }, state.textStart);
    if (citation !== undefined) state.emit({ type: 'citation', citation });
  }
  state.sources = state.sources.filter((source) => !isHere(source));
}

function endBlock(state: AnswerParts, block: 'text' | 'reasoning'): void {
  if (state.sources.length > 0 && block === 'text') tellSources(state);
  const seal = state.seal === undefined ? {} : { seal: state.seal };
  state.emit({ type: block === 'text' ? 'text-end' : 'reasoning-end', ...seal });
  state.open = undefined;
  state.seal = undefined;
}

function emitAlone(state: AnswerParts, event: CanonicalEvent): void {
  closeBlock(state);
  state.hasContent = true;
  state.emit(event);
}

/** A call is whole, but for those of Vertex that come in pieces; the piece after the last may be an empty call. */
function readCall(state: AnswerParts, call: JsonObject, seal: Seal | undefined): void {
  const name = asString(call.name) || undefined;
  const pieces = asObjects(call.partialArgs);
  const isMore = call.willContinue === true;
  if (name === undefined && state.partial !== undefined) {
    state.partial.seal ??= seal;
    addPieces(state, state.partial, pieces);
    if (!isMore) closeCall(state);
    return;
  }
  const id = asString(call.id) || undefined;
  if (name === undefined && id === undefined && !hasArguments(call)) return;
  closeBlock(state);
  if (!isMore && pieces.length === 0) {
    emitCall(state, { id, name: name ?? 'unknown', seal, args: writeArguments(call.args) });
    return;
  }
  state.partial = { id, name: name ?? 'unknown', args: createPartialArguments(), seal, started: false };
  addPieces(state, state.partial, pieces);
  if (!isMore) closeCall(state);
}

function addPieces(state: AnswerParts, partial: PartialCall, pieces: readonly JsonObject[]): void {
  for (const piece of pieces) tellArguments(state, partial, partial.args.add(piece));
}

function tellArguments(state: AnswerParts, partial: PartialCall, text: string): void {
  if (text === '') return;
  if (!partial.started) startCall(state, partial);
  partial.started = true;
  state.emit({ type: 'tool-call-delta', text });
}

function hasArguments(call: JsonObject): boolean {
  return typeof call.args === 'string' || (isObject(call.args) && Object.keys(call.args).length > 0);
}

function writeArguments(args: JsonObject[string]): string {
  if (typeof args === 'string') return args;
  return JSON.stringify(args ?? {});
}

function closeCall(state: AnswerParts): void {
  const { partial } = state;
  state.partial = undefined;
  if (partial === undefined) return;
  tellArguments(state, partial, partial.args.close());
  state.emit({ type: 'tool-call-end' });
}

interface WholeCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly args: string;
  readonly seal: Seal | undefined;
}

function emitCall(state: AnswerParts, call: WholeCall): void {
  startCall(state, call);
  state.emit({ type: 'tool-call-delta', text: asMeant(call.args, call.name, state.context.request) });
  state.emit({ type: 'tool-call-end' });
}

function startCall(state: AnswerParts, { id, name, seal }: Omit<WholeCall, 'args'>): void {
  const callId = chooseId(state, id, name);
  state.calls++;
  state.hasContent = true;
  const attached = seal === undefined ? {} : { seal: { ...seal, attach: 'call' as const } };
  state.emit({ type: 'tool-call-start', callId, kind: 'function', name, ...attached });
}

/** Arguments whose allowed values had to be listed as texts, as their schema means them. */
function asMeant(args: string, name: string, request: CanonicalRequest): string {
  const tool = request.tools.find((one) => one.kind === 'function' && one.name === name);
  const schema = tool?.kind === 'function' ? tool.schema : undefined;
  const value = schema === undefined ? undefined : tryParseJson(args);
  if (schema === undefined || !isObject(value)) return args;
  const restored = restoreValues(value, schema);
  return restored === value ? args : JSON.stringify(restored);
}

/** The upstream's id when every client takes it and the conversation has none like it, else one of our own. */
function chooseId(state: AnswerParts, id: string | undefined, name: string): string {
  state.usedIds ??= idsOf(state.context.request);
  const isFit = id !== undefined && /^[A-Za-z0-9_-]{1,40}$/.test(id) && !state.usedIds.has(id);
  const callId = isFit ? id : mintId('call_', `${state.context.exchangeId}:${state.calls}:${name}`, 24);
  state.usedIds.add(callId);
  return callId;
}

function idsOf(request: CanonicalRequest): Set<string> {
  const ids = new Set<string>();
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') ids.add(part.callId);
  }
  return ids;
}

function readInline(state: AnswerParts, data: JsonObject): void {
  const content = asString(data.data);
  if (content === undefined || content === '') return;
  const mimeType = asString(data.mimeType) ?? 'application/octet-stream';
  emitMedia(state, {
    type: 'media',
    kind: kindOfType(mimeType),
    source: { type: 'base64', mimeType, data: content },
  });
}

function readFile(state: AnswerParts, file: JsonObject): void {
  const url = asString(file.fileUri);
  if (url === undefined) return;
  const mimeType = asString(file.mimeType);
  const source = { type: 'url' as const, url, ...(mimeType === undefined ? {} : { mimeType }) };
  emitMedia(state, { type: 'media', kind: kindOfType(mimeType ?? ''), source });
}

function emitMedia(state: AnswerParts, part: MediaPart): void {
  emitAlone(state, { type: 'media', part });
}
