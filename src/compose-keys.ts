import type { Clock } from './base/clock.ts';
import type { CostOf } from './base/prices.ts';
import type { Stores } from './open-stores.ts';
import type { ExchangeRecord } from './relay/exchange.ts';
import { createKeyHolders, type KeyHolders } from './routes/key-holders.ts';

/** The holders of the stored client keys, with what they have used this month. */
export function holdKeys({ stores, clock }: { readonly stores: Stores; readonly clock: Clock }): KeyHolders {
  const holders = createKeyHolders({
    now: clock.now,
    spentSince: (from) =>
      new Map(
        stores.exchanges
          .sums({ from, by: 'client_key' })
          .map(({ group, requests, input, output, cost }) => [group, { requests, tokens: input + output, cost }]),
      ),
  });
  holders.setKeys(stores.clientKeys.list());
  return holders;
}

/** Counts a finished exchange against the limits of the key that was shown. */
export function countForKey(exchange: ExchangeRecord, holders: KeyHolders, costOf: CostOf): void {
  const { clientKey = '', usage, modelServed, attempts } = exchange;
  const cost = costOf(attempts[attempts.length - 1]?.provider, modelServed, usage);
  holders.count({
    clientKey,
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
  });
}
