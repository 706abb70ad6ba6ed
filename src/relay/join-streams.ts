import {
  asNumber,
  asObject,
  asObjects,
  asString,
  isObject,
  type JsonDraft,
  type JsonObject,
  tryParseJson,
} from '../base/json.ts';
import type { ChoiceFields } from '../translate/dialect.ts';
import { parseSse, type SseFrame, writeSse } from '../translate/stream/sse.ts';
import type { Sink } from '../translate/stream/transducer.ts';
import { addCounts } from './add-counts.ts';
import type { ByteSource } from './answer.ts';

type Piece = Uint8Array | string | undefined;

interface Part {
  readonly source: ByteSource;
  readonly frames: Sink<Uint8Array>;
  /** The last chunk that told usage: the next one of its stream, or the end of all, decides what becomes of it. */
  counted: JsonObject | undefined;
}

interface Joining {
  readonly parts: Part[];
  readonly fields: ChoiceFields;
  readonly reads: Map<number, Promise<{ readonly at: number; readonly piece: Piece }>>;
  /** The id that the chunks of all streams get, since they are one answer to the client. */
  id: string | undefined;
  out: string;
  hasMark: boolean;
  failed: boolean;
  done: boolean;
}

/**
 * Joins streams of one dialect that answer one request, each with its own choices: their places follow one another, and usage and
 * end mark come once. A stream that ends in an error ends them all.
 */
export function joinStreams(sources: readonly ByteSource[], choicesEach: number, fields: ChoiceFields): ByteSource {
  const state: Joining = {
    parts: [],
    fields,
    reads: new Map(),
    id: undefined,
    out: '',
    hasMark: false,
    failed: false,
    done: false,
  };
  sources.forEach((source, at) => {
    const frames = parseSse((frame) => takeFrame(state, state.parts[at]!, frame, at * choicesEach));
    state.parts.push({ source, frames, counted: undefined });
  });
  return { next: () => nextPiece(state), cancel: () => cancelAll(state) };
}

async function nextPiece(state: Joining): Promise<string | undefined> {
  if (state.done) return undefined;
  if (state.reads.size === 0) for (const at of state.parts.keys()) readMore(state, at);
  while (state.reads.size > 0 && !state.failed) {
    const { at, piece } = await Promise.race(state.reads.values());
    const part = state.parts[at]!;
    if (piece === undefined) {
      part.frames.finish();
      state.reads.delete(at);
    } else {
      part.frames.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      readMore(state, at);
    }
    if (state.out !== '' && state.reads.size > 0 && !state.failed) return take(state);
  }
  state.done = true;
  if (state.failed) cancelAll(state);
  else endAll(state);
  return take(state);
}

function readMore(state: Joining, at: number): void {
  const read = state.parts[at]!.source.next();
  state.reads.set(
    at,
    read.then((piece) => ({ at, piece })),
  );
}

function take(state: Joining): string {
  const { out } = state;
  state.out = '';
  return out;
}

function takeFrame(state: Joining, part: Part, frame: SseFrame, firstIndex: number): void {
  if (state.failed) return;
  const chunk = tryParseJson(frame.data);
  if (!isObject(chunk)) {
    state.hasMark = true;
    return;
  }
  if (chunk.error !== undefined && chunk.error !== null) {
    state.failed = true;
    state.out += writeSse(frame);
    return;
  }
  const placed = place(state, chunk, firstIndex);
  if (asObject(chunk[state.fields.usage]) === undefined) {
    send(state, placed);
    return;
  }
  if (part.counted !== undefined) sendUncounted(state, part.counted);
  part.counted = placed;
}

function place(state: Joining, chunk: JsonObject, firstIndex: number): JsonObject {
  const { list } = state.fields;
  const placed: JsonDraft = { ...chunk };
  placed[list] = asObjects(chunk[list]).map((choice) => ({
    ...choice,
    index: (asNumber(choice.index) ?? 0) + firstIndex,
  }));
  for (const key of ['id', 'responseId']) {
    if (typeof chunk[key] === 'string') placed[key] = state.id ??= asString(chunk[key]);
  }
  return placed;
}

function send(state: Joining, chunk: JsonObject): void {
  state.out += writeSse({ data: JSON.stringify(chunk) });
}

function sendUncounted(state: Joining, chunk: JsonObject): void {
  const { [state.fields.usage]: _told, ...rest } = chunk;
  if (asObjects(rest[state.fields.list]).length > 0) send(state, rest);
}

function endAll(state: Joining): void {
  const counted = state.parts.map((part) => part.counted).filter((chunk) => chunk !== undefined);
  let sum: JsonObject | undefined;
  for (const chunk of counted) sum = addCounts(sum, asObject(chunk[state.fields.usage]));
  const last = counted.pop();
  for (const chunk of counted) sendUncounted(state, chunk);
  if (last !== undefined) send(state, { ...last, ...(sum === undefined ? {} : { [state.fields.usage]: sum }) });
  if (state.hasMark) state.out += writeSse({ data: '[DONE]' });
}

function cancelAll(state: Joining): void {
  state.done = true;
  for (const { source } of state.parts) source.cancel();
}
