import { endOfFirstFrame, endOfFrames } from './frame-gate.ts';

/** Reads a stream that is passed on: only the frames in which a watcher may find news. */
export interface Skimmer {
  push(bytes: Uint8Array): void;
  /** Reads what is left, and the last frame in any case. */
  finish(): void;
}

/** So many bytes are looked through at once: a look at each read would cost more than passing it on. */
const LOOK_AT_BYTES = 16 * 1024;

interface State {
  readonly read: (bytes: Uint8Array) => void;
  readonly news: readonly string[];
  /** What was not looked at yet: its first `length` bytes. Reads are copied into it, since keeping each of them costs more. */
  held: Buffer;
  length: number;
  /** True while the reader has the beginning of a frame and lacks its end. */
  insideFrame: boolean;
}

/** Makes a skimmer. Frames in which none of the texts of `news` stands are not read; where it is absent all are. */
export function createSkimmer(read: (bytes: Uint8Array) => void, news: readonly string[] | undefined): Skimmer {
  const state: State = { read, news: news ?? [''], held: NOTHING, length: 0, insideFrame: true };
  return {
    push: (bytes) => {
      hold(state, bytes);
      if (state.length >= LOOK_AT_BYTES) look(state);
    },
    finish: () => {
      const bytes = endFrame(state, takeHeld(state));
      state.read(bytes.subarray(Math.min(lastFrame(bytes), firstNews(bytes, state.news))));
    },
  };
}

const NOTHING = Buffer.alloc(0);
const FIRST_SIZE = 2048;

function hold(state: State, bytes: Uint8Array): void {
  const length = state.length + bytes.length;
  if (length > state.held.length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * state.held.length, FIRST_SIZE));
    larger.set(state.held.subarray(0, state.length));
    state.held = larger;
  }
  state.held.set(bytes, state.length);
  state.length = length;
}

function look(state: State): void {
  const bytes = endFrame(state, takeHeld(state));
  if (bytes.length === 0) return;
  const last = lastFrame(bytes);
  if (last === 0) {
    // a frame that is longer than a look goes on as it comes
    state.read(bytes);
    state.insideFrame = true;
    return;
  }
  const start = firstNews(bytes, state.news);
  if (start < last) state.read(bytes.subarray(start, last));
  // the last whole frame waits: it may be the stream's last
  hold(state, bytes.subarray(last));
}

/** Where the last whole frame begins. */
function lastFrame(bytes: Buffer): number {
  return endOfFrames(bytes.subarray(0, Math.max(0, endOfFrames(bytes) - 1)));
}

function takeHeld(state: State): Buffer {
  const bytes = state.held.subarray(0, state.length);
  // what is read of it may be kept, so that the next bytes need a place of their own
  state.held = NOTHING;
  state.length = 0;
  return bytes;
}

/** Reads the rest of a frame that was begun; answers what follows it. */
function endFrame(state: State, bytes: Buffer): Buffer {
  if (!state.insideFrame) return bytes;
  const end = endOfFirstFrame(bytes, 0);
  state.insideFrame = end === 0;
  const rest = end === 0 ? bytes.length : end;
  if (rest > 0) state.read(bytes.subarray(0, rest));
  return bytes.subarray(rest);
}

/** Where the first frame with news begins; the end of the bytes when there is none. */
function firstNews(bytes: Buffer, news: readonly string[]): number {
  let first = bytes.length;
  for (const text of news) {
    const at = bytes.indexOf(text);
    if (at >= 0 && at < first) first = at;
  }
  return first === bytes.length ? first : endOfFrames(bytes.subarray(0, first));
}
