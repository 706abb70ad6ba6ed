import type { Clock } from '../base/clock.ts';
import { GatewayError, toGatewayError } from '../base/gateway-error.ts';
import type { Watchdog } from '../base/watchdog.ts';
import type { Answer, StreamAnswer } from '../relay/answer.ts';
import { errorHeaders } from '../relay/answer-headers.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { DIALECTS } from '../translate/registry.ts';

const HEARTBEAT_MS = 15_000;

/** What a running response needs of the world. */
export interface RespondPorts {
  readonly clock: Clock;
  readonly watchdog: Watchdog;
}

/** The HTTP response of an answer. */
export function respond(answer: Answer, asArray: boolean, ports: RespondPorts): Response {
  if (answer.type === 'whole') {
    const { headers } = answer;
    const isTyped = headers['content-type'] !== undefined;
    return new Response(answer.body as BodyInit, {
      status: answer.status,
      headers: isTyped ? headers : { ...headers, 'content-type': 'application/json' },
    });
  }
  const headers = {
    ...answer.headers,
    'content-type': answer.contentType ?? (asArray ? 'application/json' : 'text/event-stream; charset=utf-8'),
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  };
  return new Response(streamBody(answer, ports), { status: 200, headers });
}

/** The response to a request that never became an exchange, in its client's dialect. */
export function respondError(error: GatewayError, dialect: DialectId, requestId: string): Response {
  const { status, body } = DIALECTS[dialect].client!.encodeError(error, { requestId });
  const headers = { 'content-type': 'application/json', 'x-trivium-request-id': requestId, ...errorHeaders(error, 0) };
  return new Response(JSON.stringify(body), { status, headers });
}

/** The controller of a `direct` stream: writes go to the socket and tell when it is full. */
interface DirectController {
  write(piece: Uint8Array | string): number | Promise<number>;
  flush(wait?: boolean): number | Promise<number>;
  close(): void;
}

/**
 * The body of a running answer: one write for each read, taken from the source only when the client has taken the last, so that
 * a client which stops reading stops the upstream and not the memory.
 */
function streamBody(answer: StreamAnswer, ports: RespondPorts): ReadableStream {
  const { source } = answer;
  const stream = {
    type: 'direct',
    pull: async (controller: DirectController) => {
      const heart = startHeart(answer, controller, ports);
      try {
        for (let piece = await source.next(); piece !== undefined; piece = await source.next()) {
          controller.write(piece);
          await controller.flush(true);
          heart.beatAfter(piece);
        }
        controller.close();
      } catch (thrown) {
        source.cancel();
        // half a recording must not look whole: this closes the connection, and without a reason nothing is printed of it
        if (thrown instanceof GatewayError) return Promise.reject();
        // else the client is gone: nobody is left to tell
      } finally {
        heart.stop();
      }
    },
    cancel: () => source.cancel(),
  };
  return new ReadableStream(stream as unknown as UnderlyingSource);
}

interface Heart {
  beatAfter(piece: Uint8Array | string): void;
  stop(): void;
}

function startHeart(answer: StreamAnswer, controller: DirectController, ports: RespondPorts): Heart {
  if (answer.heartbeat === '') return { beatAfter: () => {}, stop: () => {} };
  let atBoundary = true;
  const watched = { deadline: ports.clock.now() + HEARTBEAT_MS, expire: () => beat() };
  const beat = () => {
    watched.deadline = ports.clock.now() + HEARTBEAT_MS;
    ports.watchdog.watch(watched);
    if (!atBoundary) return;
    controller.write(answer.heartbeat);
    controller.flush();
  };
  ports.watchdog.watch(watched);
  return {
    beatAfter: (piece) => {
      watched.deadline = ports.clock.now() + HEARTBEAT_MS;
      atBoundary = endsFrame(piece);
    },
    stop: () => ports.watchdog.release(watched),
  };
}

const LF = 10;
const CR = 13;

/** Whether what was written last ends a frame: a heartbeat inside one would break it. */
function endsFrame(piece: Uint8Array | string): boolean {
  const at = (back: number) =>
    typeof piece === 'string' ? piece.charCodeAt(piece.length - back) : piece[piece.length - back];
  if (at(1) !== LF) return false;
  return at(2) === LF || (at(2) === CR && at(3) === LF);
}

/** Runs a check for which no dialect is known yet; answers what it refuses, in the shape that most clients can read. */
export function respondRefusal(check: () => void): Response | undefined {
  try {
    check();
    return undefined;
  } catch (thrown) {
    return respondError(toGatewayError(thrown), 'openai-chat', '');
  }
}
