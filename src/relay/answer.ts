import type { GatewayError } from '../base/gateway-error.ts';

/** Bytes that come one after the other, taken when the client is ready for them. */
export interface ByteSource {
  /** The next bytes or text, or `undefined` at the end. An error is part of the bytes; only bytes that cannot hold one end in a throw. */
  next(): Promise<Uint8Array | string | undefined>;
  /** The client is gone. */
  cancel(): void;
}

/** What goes back to the client, in its own dialect. */
export type Answer = WholeAnswer | StreamAnswer;

export interface WholeAnswer {
  readonly type: 'whole';
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array | string;
  /** The error that the body tells, for an answer that is one. */
  readonly error?: GatewayError;
}

export interface StreamAnswer {
  readonly type: 'stream';
  readonly headers: { readonly [name: string]: string };
  /** Absent: the events of a conversation. */
  readonly contentType?: string;
  readonly source: ByteSource;
  /** What is sent while nothing else is, at frame boundaries only; empty for dialects that bear nothing. */
  readonly heartbeat: string;
}

/** What has come whole, for a client that takes it as a stream. */
export function sourceOfOne(body: Uint8Array | string): ByteSource {
  let rest: Uint8Array | string | undefined = body;
  return {
    next: () => {
      const taken = rest;
      rest = undefined;
      return Promise.resolve(taken);
    },
    cancel: () => {},
  };
}
