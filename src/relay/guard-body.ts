import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Watchdog, Watched } from '../base/watchdog.ts';

/** What bounds the silence of an upstream while a body is read. */
export interface SilenceLimit {
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  readonly abort: AbortController;
  /** Milliseconds between two pieces. */
  readonly idleMs: number;
}

/**
 * An answer whose request is aborted when its body falls silent. Streams for clients have a guard of their own; this one is for
 * streams that are collected, whose headers come long before their end.
 */
export function guardBody(response: Response, limit: SilenceLimit): Response {
  if (response.body === null) return response;
  const { clock, watchdog, abort, idleMs } = limit;
  const guard: Watched = {
    deadline: clock.now() + idleMs,
    expire: () => abort.abort(new GatewayError('upstream-timeout', `The upstream was silent for ${idleMs / 1000} s.`)),
  };
  watchdog.watch(guard);
  const release = () => watchdog.release(guard);
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform: (piece, controller) => {
      guard.deadline = clock.now() + idleMs;
      controller.enqueue(piece);
    },
    flush: release,
  });
  abort.signal.addEventListener('abort', release, { once: true });
  return new Response(response.body.pipeThrough(watch, { signal: abort.signal }), response);
}
