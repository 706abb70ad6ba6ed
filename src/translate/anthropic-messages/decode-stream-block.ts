import {
  asObject,
  asObjects,
  asString,
  isObject,
  type JsonDraft,
  type JsonObject,
  tryParseJson,
} from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Emit } from '../stream/transducer.ts';
import { readCitations } from './citations.ts';
import { opaqueOf } from './decode-blocks.ts';
import { ownSeal, readCall, redactedSeal, writeInput } from './decode-response.ts';
import { isHiddenTool } from './output-format.ts';

/** The block of a stream that is open. */
type Block =
  | { readonly type: 'text'; length: number; citations: JsonObject[] | undefined }
  | { readonly type: 'thinking'; signature: string }
  | {
      readonly type: 'call';
      readonly input: string;
      /** All pieces of the input so far. */
      pieces: string;
      readonly deltas: 'tool-call-delta' | 'text-delta';
    }
  | { readonly type: 'opaque'; readonly raw: JsonDraft; json: string }
  | { readonly type: 'done' };

/** What the blocks of a stream know. */
export interface BlockState {
  readonly context: AnswerContext;
  readonly emit: Emit<CanonicalEvent>;
  block: Block | undefined;
  /** Blocks so far. */
  blocks: number;
}

/** Opens a block; one that is still open ends first, since some servers leave the end out. */
export function openBlock(state: BlockState, block: JsonObject): void {
  closeBlock(state);
  const open = lookUp(OPENERS, block.type) ?? openOpaque;
  state.block = open(state, block);
  state.blocks++;
}

type Opener = (state: BlockState, block: JsonObject) => Block;

const OPENERS: { readonly [type: string]: Opener } = {
  text: openText,
  thinking: openThinking,
  redacted_thinking: openRedacted,
  tool_use: openCall,
};

function openText(state: BlockState, block: JsonObject): Block {
  state.emit({ type: 'text-start' });
  const text = asString(block.text) ?? '';
  if (text !== '') state.emit({ type: 'text-delta', text });
  const citations = asObjects(block.citations);
  return { type: 'text', length: text.length, citations: citations.length === 0 ? undefined : citations.slice() };
}

function openThinking(state: BlockState, block: JsonObject): Block {
  state.emit({ type: 'reasoning-start' });
  const text = asString(block.thinking) ?? '';
  if (text !== '') state.emit({ type: 'reasoning-delta', text });
  return { type: 'thinking', signature: asString(block.signature) ?? '' };
}

function openRedacted(state: BlockState, block: JsonObject): Block {
  state.emit({ type: 'reasoning-start' });
  state.emit({ type: 'reasoning-end', seal: redactedSeal(block) });
  return { type: 'done' };
}

function openCall(state: BlockState, block: JsonObject): Block {
  const { callId, name } = readCall(block, state.blocks, state.context);
  const input = writeInput(block.input);
  if (isHiddenTool(name, state.context.request)) {
    state.emit({ type: 'text-start' });
    return { type: 'call', input: input === '' ? '{}' : input, pieces: '', deltas: 'text-delta' };
  }
  state.emit({ type: 'tool-call-start', callId, kind: 'function', name });
  return { type: 'call', input, pieces: '', deltas: 'tool-call-delta' };
}

/** Blocks of server tools are told whole, once they are. */
function openOpaque(_state: BlockState, block: JsonObject): Block {
  return { type: 'opaque', raw: { ...block }, json: '' };
}

/** Takes a delta of the open block. A delta of an unknown type says nothing that could be told. */
export function pushDelta(state: BlockState, delta: JsonObject): void {
  if (state.block?.type === 'opaque') addToOpaque(state.block, delta);
  else lookUp(DELTAS, delta.type)?.(state, delta);
}

const DELTAS: { readonly [type: string]: (state: BlockState, delta: JsonObject) => void } = {
  text_delta: addText,
  thinking_delta: (state, delta) => state.emit({ type: 'reasoning-delta', text: asString(delta.thinking) ?? '' }),
  signature_delta: addSignature,
  input_json_delta: addInput,
  citations_delta: addCitation,
};

function addText({ block, emit }: BlockState, delta: JsonObject): void {
  const text = asString(delta.text) ?? '';
  if (block?.type === 'text') block.length += text.length;
  emit({ type: 'text-delta', text });
}

function addSignature({ block }: BlockState, delta: JsonObject): void {
  if (block?.type === 'thinking') block.signature += asString(delta.signature) ?? '';
}

function addInput({ block, emit }: BlockState, delta: JsonObject): void {
  const text = asString(delta.partial_json) ?? '';
  if (block?.type !== 'call' || text === '') return;
  block.pieces += text;
  emit({ type: block.deltas, text });
}

/** Kept until the end of the block, since a citation is of all its text. */
function addCitation({ block }: BlockState, delta: JsonObject): void {
  const citation = asObject(delta.citation);
  if (block?.type !== 'text' || citation === undefined) return;
  if (block.citations === undefined) block.citations = [citation];
  else block.citations.push(citation);
}

function addToOpaque(block: Block & { readonly type: 'opaque' }, delta: JsonObject): void {
  if (delta.type === 'input_json_delta') {
    block.json += asString(delta.partial_json) ?? '';
    return;
  }
  for (const [key, value] of Object.entries(delta)) {
    if (key === 'type' || value === undefined) continue;
    const before = block.raw[key];
    block.raw[key] = typeof before === 'string' && typeof value === 'string' ? before + value : value;
  }
}

/** True while a call is open whose input is not whole: what another block says has to wait. */
export function isAmidCall({ block }: BlockState): boolean {
  if (block?.type !== 'call') return false;
  const text = block.pieces === '' ? block.input : block.pieces;
  return !(text.trimEnd().endsWith('}') && isObject(tryParseJson(text)));
}

/** Ends the open block, if there is one. */
export function closeBlock(state: BlockState): void {
  emitEnd(state);
  state.block = undefined;
}

function emitEnd({ block, emit }: BlockState): void {
  switch (block?.type) {
    case 'text':
      for (const citation of readCitations(block.citations, block.length)) emit({ type: 'citation', citation });
      emit({ type: 'text-end' });
      return;
    case 'thinking':
      emit({ type: 'reasoning-end', ...(block.signature === '' ? {} : { seal: ownSeal(block.signature) }) });
      return;
    case 'call':
      // an input that came whole at the start counts only when no piece followed
      if (block.pieces === '' && block.input !== '') emit({ type: block.deltas, text: block.input });
      emit({ type: block.deltas === 'text-delta' ? 'text-end' : 'tool-call-end' });
      return;
    case 'opaque':
      emit({ type: 'opaque', part: wholeOpaque(block.raw, block.json) });
      return;
    case 'done':
    case undefined:
      return;
    default:
      block satisfies never;
  }
}

function wholeOpaque(raw: JsonDraft, json: string) {
  const input = json === '' ? undefined : tryParseJson(json);
  const whole: JsonObject = input === undefined ? raw : { ...raw, input };
  return opaqueOf(whole);
}
