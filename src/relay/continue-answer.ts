import { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { Continuation } from '../translate/dialect.ts';
import type { OnPause } from '../translate/join-turns.ts';

/** So often an answer is taken up again; after that the client gets what there is. */
const MOST_TURNS = 5;

/** Takes an answer up again whenever its upstream has paused it. */
export interface Continuer {
  readonly onPause: OnPause;
  /** True from a pause until the rest has been asked for. */
  isPaused(): boolean;
  /** Asks for the rest. Throws what the upstream refuses it with. */
  reopen(): Promise<Response>;
}

/** Makes the continuer of one answer; `send` sends a body to the account that gave the beginning. */
export function createContinuer(
  continuation: Continuation,
  first: JsonObject,
  send: (body: string) => Promise<Response>,
): Continuer {
  let body = first;
  let left = MOST_TURNS;
  let isPaused = false;
  return {
    onPause: (turn) => {
      // calls want an answer of the client first
      if (left === 0 || turn.parts.some((part) => part.type === 'tool-call')) return false;
      const next = continuation.next(body, turn);
      if (next === undefined) return false;
      left--;
      body = next;
      isPaused = true;
      return true;
    },
    isPaused: () => isPaused,
    reopen: () => {
      isPaused = false;
      return send(JSON.stringify(body));
    },
  };
}

/** What reads a stream: its reader, or one that goes on from stream to stream. */
export interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Reads a stream, and goes on into the next one whenever the answer in it was paused; `nextTurn` is told first. */
export function readOn(first: ReadableStream<Uint8Array>, continuer: Continuer, nextTurn: () => void): ByteReader {
  let reader = first.getReader();
  return {
    read: async () => {
      if (continuer.isPaused()) {
        // nothing that counts comes after a pause
        reader.cancel().catch(() => {});
        const { body } = await continuer.reopen();
        if (body === null) throw new GatewayError('upstream-malformed', 'The upstream answered with an empty stream.');
        reader = body.getReader();
        nextTurn();
      }
      return reader.read();
    },
    cancel: () => reader.cancel(),
  };
}
