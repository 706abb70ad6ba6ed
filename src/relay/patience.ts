import type { Clock } from '../base/clock.ts';
import type { GatewayError } from '../base/gateway-error.ts';
import type { Watchdog } from '../base/watchdog.ts';
import { type Answer, type ByteSource, sourceOfOne } from './answer.ts';

/** How long a client that asked for a stream waits for its status line before the stream is begun without content. */
const PATIENCE_MS = 20_000;

/** What an answer needs to begin before it is certain. */
export interface Patience {
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  /** What is sent while waiting; empty: nothing can be sent, so the client waits on. */
  readonly heartbeat: string;
  /** Headers of the early answer. */
  readonly headers: { readonly [name: string]: string };
  /** Writes an error as the end of the stream that has begun. */
  readonly endInError: (error: GatewayError) => string;
}

/**
 * The answer, or after `PATIENCE_MS` of silence a stream that has begun with heartbeats: proxies and clients give up on a silent
 * connection, while accounts can still be changed as long as no content was sent.
 */
export function answerInTime(pending: Promise<Answer>, patience: Patience): Promise<Answer> {
  const { clock, watchdog, headers, heartbeat } = patience;
  if (heartbeat === '') return pending;
  return new Promise((resolve, reject) => {
    const silence = {
      deadline: clock.now() + PATIENCE_MS,
      expire: () => resolve({ type: 'stream', headers, heartbeat, source: delayedSource(pending, patience) }),
    };
    watchdog.watch(silence);
    pending.finally(() => watchdog.release(silence)).then(resolve, reject);
  });
}

function delayedSource(pending: Promise<Answer>, patience: Patience): ByteSource {
  let begun = false;
  let answered: ByteSource | undefined;
  let canceled = false;
  return {
    next: async () => {
      if (!begun) {
        begun = true;
        return patience.heartbeat;
      }
      answered ??= sourceOf(await pending, patience);
      if (canceled) answered.cancel();
      return answered.next();
    },
    cancel: () => {
      canceled = true;
      answered?.cancel();
    },
  };
}

function sourceOf(answer: Answer, patience: Patience): ByteSource {
  if (answer.type === 'stream') return answer.source;
  return sourceOfOne(answer.error === undefined ? answer.body : patience.endInError(answer.error));
}
