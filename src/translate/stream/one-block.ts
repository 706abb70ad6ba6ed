import { isObject, tryParseJson } from '../../base/json.ts';
import { CITATION_LOSS, type Citation, shiftCitation } from '../canonical/citation.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { Seal } from '../seal.ts';
import type { Emit } from './transducer.ts';

/** What a call is known by when it starts. */
export type CallStart = Omit<Extract<CanonicalEvent, { type: 'tool-call-start' }>, 'type'>;

type TextKind = 'text' | 'refusal' | 'reasoning';

interface TextBlock {
  readonly kind: TextKind;
  begun: boolean;
  /** What could not be told yet. */
  held: string;
  seal: Seal | undefined;
  /** The length of the text so far, and the sources it names, told at its end. */
  length: number;
  citations: Citation[] | undefined;
}

/** A call whose pieces arrive. Made by `openCall`; only `one-block.ts` changes it. */
export interface CallBlock {
  readonly kind: 'call';
  begun: boolean;
  ended: boolean;
  held: string;
  /** All of the arguments so far. */
  text: string;
  start: CallStart | undefined;
}

/** Blocks whose pieces may arrive mixed, told one after the other. */
export interface OneBlock {
  readonly emit: Emit<CanonicalEvent>;
  /** In the order in which they began; only the first is being told. */
  readonly queue: (TextBlock | CallBlock)[];
  /** True: the upstream sums thoughts up; else it shows them as they are. */
  sumsUpThoughts: boolean;
}

/**
 * Starts telling blocks to `emit`. The first block is told live; pieces of others are held back until it has ended. Text ends
 * when anything else begins; a call ends when something else has begun and its arguments are whole, since some upstreams mix
 * the pieces of calls, or put white space between them.
 */
export function createOneBlock(emit: Emit<CanonicalEvent>): OneBlock {
  return { emit, queue: [], sumsUpThoughts: false };
}

/** Adds a piece of what is said or thought. Empty pieces say nothing and end nothing. */
export function addText(blocks: OneBlock, kind: TextKind, text: string): void {
  if (text === '') return;
  const { queue } = blocks;
  let last = queue[queue.length - 1];
  if (last === undefined || last.kind !== kind) {
    last = newText(kind);
    queue.push(last);
    endWhole(blocks);
  }
  last.length += text.length;
  if (queue[0] !== last) {
    last.held += text;
    endWhole(blocks);
    return;
  }
  begin(blocks, last);
  blocks.emit(kind === 'reasoning' ? { type: 'reasoning-delta', text } : { type: 'text-delta', text });
}

function newText(kind: TextKind): TextBlock {
  return { kind, begun: false, held: '', seal: undefined, length: 0, citations: undefined };
}

/**
 * Adds a source to the text that is open. Its offsets count over all that was said, which is `said` long by now; without an open
 * text it is told by itself, which is too late for it.
 */
export function addCitation(blocks: OneBlock, citation: Citation, said: number): void {
  const open = blocks.queue.findLast((block) => block.kind === 'text');
  const own = open?.kind === 'text' ? shiftCitation(citation, said - open.length) : undefined;
  if (open?.kind !== 'text' || own === undefined) blocks.emit({ type: 'loss', loss: CITATION_LOSS });
  else if (open.citations === undefined) open.citations = [own];
  else open.citations.push(own);
}

/** Seals the thought that is open; without one, the seal stands alone. */
export function sealReasoning(blocks: OneBlock, seal: Seal): void {
  let open = blocks.queue.findLast((block) => block.kind === 'reasoning');
  if (open === undefined) {
    open = newText('reasoning');
    blocks.queue.push(open);
    endWhole(blocks);
    if (blocks.queue[0] === open) begin(blocks, open);
  }
  if (open.kind !== 'call') open.seal = seal;
}

/** Opens a call; it is told once `startCall` has given its name. */
export function openCall(blocks: OneBlock): CallBlock {
  const call: CallBlock = { kind: 'call', begun: false, ended: false, held: '', text: '', start: undefined };
  blocks.queue.push(call);
  endWhole(blocks);
  return call;
}

/** Names a call. */
export function startCall(blocks: OneBlock, call: CallBlock, start: CallStart): void {
  if (call.start !== undefined) return;
  call.start = start;
  if (blocks.queue[0] === call) tellHeld(blocks, call);
  endWhole(blocks);
}

/** Adds a piece of a call's arguments. A call that has ended takes no more. */
export function addArguments(blocks: OneBlock, call: CallBlock, text: string): void {
  if (text === '' || call.ended) return;
  call.text += text;
  if (blocks.queue[0] === call && call.begun) blocks.emit({ type: 'tool-call-delta', text });
  else call.held += text;
  if (blocks.queue.length > 1) endWhole(blocks);
}

/** True when the arguments of a call are a whole JSON object, or whatever the input of a custom tool may be. */
export function isWhole(call: CallBlock): boolean {
  if (call.start?.kind === 'custom') return true;
  return call.text.trimEnd().endsWith('}') && isObject(tryParseJson(call.text));
}

/** Tells and ends what is left. A call that has not begun and for which `drop` answers true is never told. */
export function endBlocks(blocks: OneBlock, drop: (call: CallBlock) => boolean = () => false): void {
  const isDropped = (block: TextBlock | CallBlock) =>
    block.kind === 'call' && !block.begun && (block.start === undefined || drop(block));
  const kept = blocks.queue.filter((block) => !isDropped(block));
  blocks.queue.splice(0, blocks.queue.length, ...kept);
  while (blocks.queue.length > 0) endFirst(blocks);
}

function endWhole(blocks: OneBlock): void {
  while (blocks.queue.length > 1) {
    const first = blocks.queue[0]!;
    if (first.kind === 'call' && (first.start === undefined || !isWhole(first))) return;
    endFirst(blocks);
  }
}

function endFirst(blocks: OneBlock): void {
  const block = blocks.queue[0]!;
  tellHeld(blocks, block);
  blocks.queue.shift();
  if (block.kind === 'call') {
    block.ended = true;
    blocks.emit({ type: 'tool-call-end' });
  } else if (block.kind === 'reasoning') {
    blocks.emit(block.seal === undefined ? { type: 'reasoning-end' } : { type: 'reasoning-end', seal: block.seal });
  } else {
    for (const citation of block.citations ?? []) blocks.emit({ type: 'citation', citation });
    blocks.emit({ type: 'text-end' });
  }
  const next = blocks.queue[0];
  if (next !== undefined) tellHeld(blocks, next);
}

function tellHeld(blocks: OneBlock, block: TextBlock | CallBlock): void {
  if (!begin(blocks, block) || block.held === '') return;
  const text = block.held;
  block.held = '';
  if (block.kind === 'call') blocks.emit({ type: 'tool-call-delta', text });
  else blocks.emit(block.kind === 'reasoning' ? { type: 'reasoning-delta', text } : { type: 'text-delta', text });
}

/** Tells the start of a block; answers false while that is not possible. */
function begin(blocks: OneBlock, block: TextBlock | CallBlock): boolean {
  if (block.begun) return true;
  if (block.kind === 'call' && block.start === undefined) return false;
  block.begun = true;
  blocks.emit(startOf(block, blocks));
  return true;
}

function startOf(block: TextBlock | CallBlock, { sumsUpThoughts }: OneBlock): CanonicalEvent {
  switch (block.kind) {
    case 'text':
      return { type: 'text-start' };
    case 'refusal':
      return { type: 'text-start', refusal: true };
    case 'reasoning':
      return sumsUpThoughts ? { type: 'reasoning-start' } : { type: 'reasoning-start', raw: true };
    case 'call':
      return { type: 'tool-call-start', ...block.start! };
    default:
      return block satisfies never;
  }
}
