import type { ExchangesAdmin } from '../../admin/exchanges.ts';

/** Rows a slow reader may be behind before it loses the oldest. */
const MOST_WAITING = 1000;

/** Finished exchanges as they come, as server-sent events, until the reader leaves. */
export function liveExchanges(exchanges: Pick<ExchangesAdmin, 'watch'>, signal: AbortSignal): Response {
  const waiting: string[] = [];
  let wake = () => {};
  const stopWatching = exchanges.watch((item) => {
    waiting.push(`id: ${item.id}\ndata: ${JSON.stringify(item)}\n\n`);
    if (waiting.length > MOST_WAITING) waiting.shift();
    wake();
  });
  signal.addEventListener('abort', () => {
    stopWatching();
    wake();
  });
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(': listening\n\n')),
    pull: async (controller) => {
      while (waiting.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal.aborted) controller.close();
      else controller.enqueue(new TextEncoder().encode(waiting.splice(0).join('')));
    },
    cancel: () => stopWatching(),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } });
}
