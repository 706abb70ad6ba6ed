import type { SendStep } from './relay-set-up.ts';

/** A stream that a test feeds as it goes. */
export interface FedStream {
  readonly step: SendStep;
  send(text: string): void;
  end(): void;
  /** The connection breaks. */
  break(reason?: Error): void;
  /** True once nobody reads any more. */
  readonly left: boolean;
}

/** An upstream whose stream a test feeds. It ends as a connection does when its request is aborted. */
export function feedStream(): FedStream {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      left = true;
    },
  });
  return {
    step: (_request, signal) => {
      signal.addEventListener('abort', () => {
        if (left) return;
        left = true;
        controller.error(signal.reason);
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
    send: (text) => controller.enqueue(new TextEncoder().encode(text)),
    end: () => controller.close(),
    break: (reason = new Error('socket closed')) => controller.error(reason),
    get left() {
      return left;
    },
  };
}
