import type { ExchangeItem } from '../../src/admin/exchange-item.ts';
import { parseSse } from '../../src/translate/stream/sse.ts';

/** Finished exchanges of a gateway, as its live log tells them. */
export interface ExchangeWatch {
  /** The next exchange to finish, or one that has finished unseen since the watch began. */
  next(): Promise<ExchangeItem>;
  stop(): void;
}

/** Begins to watch; every exchange that finishes from now on is told. */
export async function watchExchanges(url: string): Promise<ExchangeWatch> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/requests/live`, { signal: leaving.signal });
  const reader = response.body!.getReader();
  // the first comment says that the gateway listens
  await reader.read();
  const seen: ExchangeItem[] = [];
  const parser = parseSse(({ data }) => seen.push(JSON.parse(data)));
  return {
    next: async () => {
      while (seen.length === 0) {
        const { done, value } = await reader.read();
        if (done) throw new Error('the live log ended');
        parser.push(value);
      }
      return seen.shift()!;
    },
    stop: () => leaving.abort(),
  };
}
