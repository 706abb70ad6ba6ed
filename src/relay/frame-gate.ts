const LF = 10;
const CR = 13;
/** A blank line is at most so many bytes back from what completes it. */
const SEAM_BYTES = 3;

/** Lets bytes through up to the end of the last whole frame, so that what follows them begins a frame of its own. */
export interface FrameGate {
  /** What may be handed on now that these bytes have come. */
  pass(bytes: Uint8Array): Uint8Array;
  /** What was not handed on: the beginning of a frame. */
  rest(): Uint8Array;
}

/** Makes a gate at the start of an SSE stream. */
export function createFrameGate(): FrameGate {
  let held: Uint8Array[] = [];
  return {
    pass: (bytes) => {
      const end = endOfFrames(bytes) || endAtSeam(held, bytes);
      if (end === bytes.length && held.length === 0) return bytes;
      if (end === 0) {
        held.push(bytes);
        return new Uint8Array();
      }
      const passed = Buffer.concat([...held, bytes.subarray(0, end)]);
      held = end === bytes.length ? [] : [bytes.subarray(end)];
      return passed;
    },
    rest: () => Buffer.concat(held),
  };
}

/** The place after the first blank line that ends at `from` or later; 0 when none is found. */
export function endOfFirstFrame(bytes: Buffer, from: number): number {
  const feed = bytes.indexOf('\n\n', from);
  const pair = bytes.indexOf('\n\r\n', from);
  if (feed < 0 && pair < 0) return 0;
  return pair < 0 || (feed >= 0 && feed < pair) ? feed + 2 : pair + 3;
}

/** The place after the last blank line within the bytes; 0 when there is none. */
export function endOfFrames(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at > 0; at--) {
    const byte = bytes[at];
    if (byte === LF && (bytes[at - 1] === LF || (bytes[at - 1] === CR && bytes[at - 2] === LF))) return at + 1;
    if (byte === CR && bytes[at - 1] === CR) return at + 1;
  }
  return 0;
}

/** The same for a blank line that began in earlier bytes. */
function endAtSeam(held: readonly Uint8Array[], bytes: Uint8Array): number {
  if (held.length === 0 || (bytes[0] !== LF && bytes[0] !== CR)) return 0;
  const before = Buffer.concat(held.slice(-SEAM_BYTES).map((piece) => piece.subarray(-SEAM_BYTES))).subarray(
    -SEAM_BYTES,
  );
  const end = endOfFrames(Buffer.concat([before, bytes.subarray(0, SEAM_BYTES - 1)]));
  return Math.max(0, end - before.length);
}
