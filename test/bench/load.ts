import { MARK } from './wire-samples.ts';

/** What one connection sends again and again. */
export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  /** What an answer must end with, and how many text events it must have. */
  readonly finalMark: string;
  readonly events: number;
  readonly requests: number;
  readonly connections: number;
}

/** What the clients saw. */
export interface LoadResult {
  readonly good: number;
  readonly bad: readonly string[];
  /** Milliseconds to the first byte and to the end, of every request. */
  readonly firstByteMs: readonly number[];
  readonly wholeMs: readonly number[];
}

const MARK_BYTES = Buffer.from(MARK);

/** Sends requests over kept connections and counts an answer as good only when all of it came. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const result = { good: 0, bad: [] as string[], firstByteMs: [] as number[], wholeMs: [] as number[] };
  let left = plan.requests;
  const take = () => left-- > 0;
  await Promise.all(Array.from({ length: plan.connections }, () => runConnection(plan, take, result)));
  return result;
}

type Draft = { good: number; bad: string[]; firstByteMs: number[]; wholeMs: number[] };

function runConnection(plan: LoadPlan, take: () => boolean, result: Draft): Promise<void> {
  const body = Buffer.from(plan.body);
  const head = `POST ${plan.path} HTTP/1.1\r\nhost: 127.0.0.1:${plan.port}\r\ncontent-type: application/json\r\nanthropic-version: 2023-06-01\r\ncontent-length: ${body.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  return new Promise((resolve) => {
    let answer: Buffer[] = [];
    let startedAt = 0;
    let unsent = request.subarray(0, 0);
    const flush = (socket: Bun.Socket) => {
      if (unsent.length === 0) return;
      const written = socket.write(unsent);
      unsent = unsent.subarray(Math.max(0, written));
    };
    const next = (socket: Bun.Socket) => {
      if (!take()) {
        socket.end();
        return resolve();
      }
      answer = [];
      startedAt = performance.now();
      unsent = request;
      flush(socket);
    };
    Bun.connect({
      hostname: '127.0.0.1',
      port: plan.port,
      socket: {
        open: next,
        drain: flush,
        data: (socket, bytes) => {
          if (answer.length === 0) result.firstByteMs.push(performance.now() - startedAt);
          answer.push(Buffer.from(bytes));
          if (!isComplete(answer)) return;
          result.wholeMs.push(performance.now() - startedAt);
          judge(plan, Buffer.concat(answer), result);
          next(socket);
        },
        close: () => resolve(),
        error: (_socket, error) => {
          result.bad.push(error.message);
          resolve();
        },
      },
    });
  });
}

function isComplete(answer: readonly Buffer[]): boolean {
  const last = answer.at(-1)!;
  const tail = last.length >= 7 ? last.subarray(-7) : Buffer.concat(answer.slice(-3)).subarray(-7);
  if (tail.toString('latin1').endsWith('0\r\n\r\n')) return true;
  const head = answer[0]!;
  const end = head.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(head.toString('latin1', 0, Math.max(0, end)))?.[1];
  if (length === undefined) return false;
  return answer.reduce((sum, piece) => sum + piece.length, 0) >= end + 4 + Number(length);
}

function judge(plan: LoadPlan, answer: Buffer, result: Draft): void {
  let events = 0;
  for (let at = answer.indexOf(MARK_BYTES); at >= 0; at = answer.indexOf(MARK_BYTES, at + 1)) events++;
  if (answer.includes(plan.finalMark) && events === plan.events) result.good++;
  else result.bad.push(`${events} of ${plan.events} events; ${answer.toString('utf8', 0, 300)}`);
}
