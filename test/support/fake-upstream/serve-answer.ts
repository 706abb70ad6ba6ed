import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { OpenRecord } from './recorded-request.ts';
import type { Answer, Cut, Scenario } from './scenario.ts';
import type { Vendor, VendorCall, WireAnswer } from './vendor.ts';

/** One exchange while it is served. */
export interface Exchange {
  readonly vendor: Vendor;
  readonly call: VendorCall;
  readonly response: ServerResponse;
  readonly record: OpenRecord;
  /** Ends the exchange by closing the connection on purpose. */
  cut(): void;
}

/** Does to a request what a scenario says. Returns when that is done, or when the client has gone. */
export async function serveScenario(exchange: Exchange, scenario: Scenario): Promise<void> {
  switch (scenario.type) {
    case 'answer':
      return await serveAnswer(exchange, scenario, {});
    case 'status':
      return sendWhole(
        exchange,
        exchange.vendor.error({ status: scenario.status, ...scenario.options }, exchange.call.serial),
      );
    case 'drop':
      return exchange.cut();
    case 'hang':
      return;
    case 'cut':
      return await serveAnswer(exchange, scenario.answer, { cut: scenario });
    case 'page':
      return sendWhole(exchange, errorPage(scenario.status));
    case 'typed':
      return await serveAnswer(exchange, scenario.answer, { contentType: scenario.contentType });
    case 'drip':
      return await serveAnswer(exchange, scenario.answer, { drip: scenario });
    case 'delay':
      await Bun.sleep(scenario.ms);
      return await serveScenario(exchange, scenario.then);
    default:
      scenario satisfies never;
  }
}

/** What is odd about the way an answer is sent. */
interface Oddity {
  readonly contentType?: string;
  readonly cut?: Cut;
  readonly drip?: { readonly bytes: number; readonly pauseMs: number };
}

async function serveAnswer(exchange: Exchange, answer: Answer, odd: Oddity): Promise<void> {
  const { vendor, call, response } = exchange;
  const headers = { ...vendor.headers(call), ...(call.stream ? { 'cache-control': 'no-cache' } : {}) };
  const type = odd.contentType ?? (call.stream ? vendor.streamType(call) : 'application/json');
  response.writeHead(200, { ...headers, 'content-type': type });
  if (call.stream) await streamEvents(exchange, answer, odd);
  else await streamWhole(exchange, vendor.whole(answer, call), odd);
}

async function streamEvents(exchange: Exchange, answer: Answer, odd: Oddity): Promise<void> {
  let sent = 0;
  let contents = 0;
  for (const { text, content } of exchange.vendor.stream(answer, exchange.call)) {
    if (odd.cut !== undefined && content && contents === odd.cut.after) {
      const error = exchange.vendor.streamError(exchange.call, sent);
      return await endBadly(exchange, odd.cut, { error, next: text });
    }
    if (answer.pauseMs !== undefined && sent > 0) await Bun.sleep(answer.pauseMs);
    if (!(await write(exchange, text, odd))) return;
    sent++;
    if (content) contents++;
  }
  finish(exchange);
}

async function streamWhole(exchange: Exchange, body: string, odd: Oddity): Promise<void> {
  if (odd.cut !== undefined) {
    await write(exchange, body.slice(0, body.length / 2), odd);
    return await endBadly(exchange, odd.cut, { error: '', next: '' });
  }
  if (await write(exchange, body, odd)) finish(exchange);
}

async function endBadly(
  exchange: Exchange,
  cut: Cut,
  { error, next }: { readonly error: string; readonly next: string },
): Promise<void> {
  switch (cut.end) {
    case 'hang':
      return;
    case 'half':
      await write(exchange, next.slice(0, next.length / 2), {});
      return await endBadly(exchange, { ...cut, end: 'drop' }, { error, next });
    case 'drop':
      // what was written must at least have left before the connection breaks
      await (cut.taken ?? Bun.sleep(10));
      return exchange.cut();
    case 'error':
      await write(exchange, error, {});
      return finish(exchange);
    case 'close':
      return finish(exchange);
    default:
      cut.end satisfies never;
  }
}

/** Writes and waits until the client has taken it; false when the client has gone. */
async function write({ response, record }: Exchange, text: string, { drip }: Oddity): Promise<boolean> {
  const bytes = Buffer.from(text);
  const size = drip?.bytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    if (response.destroyed || record.aborted) return false;
    const piece = bytes.subarray(at, at + size);
    const taken = response.write(piece);
    record.sentBytes += piece.length;
    if (drip !== undefined) await Bun.sleep(drip.pauseMs);
    if (!taken) await Promise.race([once(response, 'drain'), record.ended]);
  }
  return !record.aborted;
}

function sendWhole({ response, record }: Exchange, { status, headers, body }: WireAnswer): void {
  record.sentBytes += Buffer.byteLength(body);
  response.writeHead(status, headers);
  response.end(body);
}

function finish({ response }: Exchange): void {
  response.end();
}

function errorPage(status: number): WireAnswer {
  const body = `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body><center><h1>${status} Bad Gateway</h1></center></body>\r\n</html>\r\n`;
  return { status, headers: { server: 'nginx', 'content-type': 'text/html' }, body };
}
