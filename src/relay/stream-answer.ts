import type { Clock } from '../base/clock.ts';
import { GatewayError, toGatewayError } from '../base/gateway-error.ts';
import type { Watchdog, Watched } from '../base/watchdog.ts';
import { readSendFault } from '../upstream/send-fault.ts';
import type { ByteSource } from './answer.ts';
import type { ByteReader } from './continue-answer.ts';
import type { StreamStage } from './stream-stage.ts';

/** A stream on its way, with what guards it. */
export interface StreamSetup {
  readonly reader: ByteReader;
  readonly stage: StreamStage;
  /** Ends the upstream request. */
  readonly abort: AbortController;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  /** Milliseconds until the first content. */
  readonly firstContentMs: number;
  /** Milliseconds between two reads after it. */
  readonly idleMs: number;
  /** Called once, with the error that ended the stream after its first content, or with nothing. */
  readonly onEnd: (error?: GatewayError) => void;
}

/** How long an upstream may take to close a stream whose last event has come. */
const DRAIN_MS = 1000;

interface Run {
  readonly setup: StreamSetup;
  readonly reader: ByteReader;
  readonly guard: Watched;
  held: Piece[];
  done: boolean;
  readonly onRead: (read: { done: boolean; value?: Uint8Array | undefined }) => Piece | Promise<Piece | undefined>;
  readonly onBreak: (thrown: unknown) => Piece;
}

type Piece = Uint8Array | string;

/**
 * Reads a stream up to its commit point: the first content, or a good end without any. Throws when it fails before, so that
 * another account can be tried; what the client has not seen never happened. After it, the rest is taken read by read, as the
 * client is ready for it.
 */
export async function openStream(setup: StreamSetup): Promise<ByteSource> {
  const guard: Watched = {
    deadline: setup.clock.now() + setup.firstContentMs,
    expire: () => setup.abort.abort(silence(setup.idleMs)),
  };
  setup.watchdog.watch(guard);
  const run: Run = {
    setup,
    reader: setup.reader,
    guard,
    held: [],
    done: false,
    onRead: (read) => takeRead(run, read),
    onBreak: (thrown) => takeBreak(run, thrown),
  };
  try {
    await readToCommit(run);
  } catch (thrown) {
    setup.watchdog.release(guard);
    throw streamError(thrown, setup.abort.signal);
  }
  return { next: () => nextPiece(run), cancel: () => cancelRun(run) };
}

async function readToCommit(run: Run): Promise<void> {
  const { stage } = run.setup;
  for (;;) {
    const { value } = await run.reader.read();
    const done = value === undefined;
    try {
      run.held.push(done ? stage.finish() : stage.push(value));
    } catch (thrown) {
      // what goes wrong here is ours and no fault of the connection
      throw toGatewayError(thrown);
    }
    const { facts } = stage;
    if (facts.error !== undefined && !facts.contentSeen) throw facts.error;
    if (done) return endRun(run, facts.error);
    if (facts.ended && stage.knowsItsEnd) return endBeforeUpstream(run);
    if (facts.contentSeen || facts.ended) return;
  }
}

/** One promise for each read and no more: in a stream at a model's pace the hops between them are most of the cost. */
function nextPiece(run: Run): Promise<Piece | undefined> {
  const held = takeHeld(run);
  if (held !== undefined) return Promise.resolve(held);
  if (run.done) return Promise.resolve(undefined);
  run.guard.deadline = run.setup.clock.now() + run.setup.idleMs;
  return run.reader.read().then(run.onRead, run.onBreak);
}

function takeRead(
  run: Run,
  read: { done: boolean; value?: Uint8Array | undefined },
): Piece | Promise<Piece | undefined> {
  const { stage } = run.setup;
  let piece: Piece;
  try {
    piece = read.value === undefined ? stage.finish() : stage.push(read.value);
  } catch (thrown) {
    return takeFault(run, toGatewayError(thrown));
  }
  if (read.done) endRun(run, stage.facts.error);
  else if (stage.facts.ended && stage.knowsItsEnd) endBeforeUpstream(run);
  if (piece.length === 0) return nextPiece(run) as Promise<Piece>;
  return run.held.length === 0 ? piece : joinPieces([piece, ...run.held.splice(0)]);
}

function takeBreak(run: Run, thrown: unknown): Piece {
  const { stage, abort } = run.setup;
  // an upstream that has said its last word may break off as it likes
  const piece = stage.facts.ended ? stage.finish() : stage.fail(streamError(thrown, abort.signal));
  endRun(run, stage.facts.error);
  return piece;
}

/** A fault of ours in the middle of a stream: the client hears of it as far as the stage can still speak. */
function takeFault(run: Run, fault: GatewayError): Piece {
  run.setup.abort.abort(fault);
  let piece: Piece = '';
  try {
    piece = run.setup.stage.fail(fault);
  } finally {
    endRun(run, fault);
  }
  return piece;
}

function takeHeld(run: Run): Piece | undefined {
  if (run.held.length === 0) return undefined;
  const piece = joinPieces(run.held.splice(0));
  return piece.length === 0 ? undefined : piece;
}

/** Ends the answer at its last event; what the upstream still sends is read away, so that its connection can be used again. */
function endBeforeUpstream(run: Run): void {
  run.held.push(run.setup.stage.finish());
  endRun(run, run.setup.stage.facts.error);
  if (run.setup.stage.facts.finish?.cut === true) {
    // nobody waits for what the model still says
    run.setup.abort.abort();
    run.reader.cancel().catch(() => {});
    return;
  }
  const abandon = { deadline: run.setup.clock.now() + DRAIN_MS, expire: () => run.setup.abort.abort() };
  run.setup.watchdog.watch(abandon);
  const drain = async () => {
    while (!(await run.reader.read()).done);
  };
  drain()
    .catch(() => {})
    .finally(() => run.setup.watchdog.release(abandon));
}

function endRun(run: Run, error: GatewayError | undefined): void {
  if (run.done) return;
  run.done = true;
  run.setup.watchdog.release(run.guard);
  run.setup.onEnd(error);
}

function cancelRun(run: Run): void {
  if (run.done) return;
  const canceled = new GatewayError('canceled', 'The client closed the connection.');
  run.setup.abort.abort(canceled);
  run.reader.cancel().catch(() => {});
  endRun(run, canceled);
}

function joinPieces(pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0]!;
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

function silence(ms: number): GatewayError {
  return new GatewayError('upstream-timeout', `The upstream was silent for ${Math.round(ms / 1000)} seconds.`);
}

/** What a failed read means: the reason it was ended for, or a broken connection. */
export function streamError(thrown: unknown, signal: AbortSignal): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (signal.aborted && signal.reason instanceof GatewayError) return signal.reason;
  const { code, reset } = readSendFault(thrown);
  const words = code ?? (thrown instanceof Error ? thrown.message : String(thrown));
  const reason = reset ? `it was closed before the answer was finished (${code})` : words;
  return new GatewayError('upstream-unreachable', `The connection to the upstream broke: ${reason}.`, {
    cause: thrown,
  });
}
