import { asObjects, asString, isObject, type JsonObject } from '../../base/json.ts';
import type { Citation } from '../canonical/citation.ts';
import { addCitation, addText, endBlocks, sealReasoning } from '../stream/one-block.ts';
import { readAnnotations } from './citations.ts';
import { readThinking } from './decode-content.ts';
import { addAudio, imageEvents } from './decode-media.ts';
import type { DecodeState } from './decode-state.ts';
import { addCallPiece } from './decode-tool-calls.ts';
import { mergeDetails, sealOfDetails } from './reasoning-details.ts';

/** Takes what one chunk adds to the answer. Empty pieces say nothing and end nothing. */
export function decodeDelta(state: DecodeState, delta: JsonObject): void {
  decodeThought(state, delta);
  const { content } = delta;
  if (typeof content === 'string') say(state, content);
  else if (Array.isArray(content)) decodeContentList(state, asObjects(content));
  if (typeof delta.refusal === 'string' && delta.refusal !== '') speak(state, 'refusal', delta.refusal);
  if (isObject(delta.audio)) say(state, addAudio(state.audio, delta.audio));
  if (delta.images !== undefined) emitImages(state, delta);
  if (delta.tool_calls !== undefined && delta.tool_calls !== null) {
    for (const piece of asObjects(delta.tool_calls)) takeCall(state, piece);
  }
  if (isObject(delta.function_call)) takeCall(state, { index: 0, function: delta.function_call });
  if (delta.annotations !== undefined) cite(state, readAnnotations(delta.annotations));
}

/** Tells sources, whose offsets count over all that was said; those of a text that has ended come too late. */
export function cite(state: DecodeState, citations: readonly Citation[]): void {
  for (const citation of citations) addCitation(state.blocks, citation, state.said);
}

function say(state: DecodeState, text: string): void {
  if (text !== '') speak(state, 'text', text);
}

function speak(state: DecodeState, kind: 'text' | 'refusal', text: string): void {
  sealThought(state);
  state.hasContent = true;
  if (kind === 'text') state.said += text.length;
  else state.refusal += text;
  addText(state.blocks, kind, text);
}

function think(state: DecodeState, text: string): void {
  if (text === '') return;
  state.hasContent = true;
  addText(state.blocks, 'reasoning', text);
}

/** Thoughts have three names; a chunk often tells one thought under two of them. */
function decodeThought(state: DecodeState, delta: JsonObject): void {
  const text = asString(delta.reasoning_content) || asString(delta.reasoning) || '';
  const pieces = delta.reasoning_details === undefined ? [] : asObjects(delta.reasoning_details);
  if (pieces.length > 0) {
    state.details.push(...pieces);
    // whoever has this list is in front of vendors that show no thoughts as they are
    state.blocks.sumsUpThoughts = true;
  }
  if (text !== '') think(state, text);
  else for (const piece of pieces) think(state, asString(piece.text) ?? asString(piece.summary) ?? '');
}

/** Seals the thought that was told, once all of its proof has come. */
export function sealThought(state: DecodeState): void {
  if (state.details.length === 0) return;
  const seal = sealOfDetails(mergeDetails(state.details));
  state.details = [];
  if (seal === undefined) return;
  state.hasContent = true;
  sealReasoning(state.blocks, seal);
}

/** Mistral's reasoning models send lists of parts. */
function decodeContentList(state: DecodeState, parts: readonly JsonObject[]): void {
  for (const part of parts) {
    if (part.type === 'thinking') think(state, readThinking(part.thinking));
    else if (part.type === 'text') say(state, asString(part.text) ?? '');
  }
}

function emitImages(state: DecodeState, delta: JsonObject): void {
  const events = imageEvents(delta);
  if (events.length === 0) return;
  sealThought(state);
  state.hasContent = true;
  endBlocks(state.blocks);
  for (const event of events) state.emit(event);
}

function takeCall(state: DecodeState, piece: JsonObject): void {
  sealThought(state);
  state.hasContent = true;
  addCallPiece(state.calls, piece);
}
