import { GatewayError } from '../../src/base/gateway-error.ts';
import type { Lease } from '../../src/pool/account-state.ts';
import { createPool } from '../../src/pool/pool.ts';
import { settleFailure } from '../../src/relay/journey.ts';
import { createFakeClock } from './fake-clock.ts';
import { anAccount, aPolicy } from './pool-builders.ts';
import { FAILED_AT, type VendorFailure } from './vendor-limits/vendor-failure.ts';
import { readVendorFailure, VENDOR_FAILURES } from './vendor-limits.ts';

/** What became of a day of conversations. */
export interface FleetReport {
  readonly requests: number;
  readonly served: number;
  /** Refusals by upstreams. */
  readonly rejected: number;
  /** Requests that were refused to their client though some account had a token for them. */
  readonly failedInVain: number;
  /** The share of later turns that went where the turn before was served. */
  readonly cacheHits: number;
  /** Requests of the busiest account over those of the idlest. */
  readonly spread: number;
}

/** An account behind a bucket of tokens: so many requests at once, and one more every so often. */
interface Bucket {
  readonly vendor: VendorFailure;
  tokens: number;
  filledAt: number;
  served: number;
}

const ACCOUNTS = 50;
const CAPACITY = 12;
const REFILL_MS = 1_500;
const CONVERSATIONS = 2_000;
const TURNS = 4;
const STEP_MS = 60;
/** Each round of turns comes in another order: factors without a common one with 200. */
const ORDERS = [1, 3, 7, 9];
const MODEL = 'gpt-5';

/** The vendors' own answers to requests beyond a rate. */
const RATES = VENDOR_FAILURES.filter(({ kind, status }) => kind === 'rate-limited' && status === 429);

type Choose = (conversation: number, tried: ReadonlySet<string>) => Promise<Lease | undefined>;

/** Lets 2,000 conversations of four turns each come in one after the other, mixed, and asks `choose` for each attempt's account. */
async function runFleet(makeChooser: (fleet: Fleet) => Choose): Promise<FleetReport> {
  const fleet = createFleet();
  const choose = makeChooser(fleet);
  const last = new Map<number, string>();
  let [served, rejected, failedInVain, hits] = [0, 0, 0, 0];
  for (let at = 0; at < CONVERSATIONS * TURNS; at++) {
    fleet.clock.jump(STEP_MS);
    // two hundred conversations run side by side
    const block = Math.floor(at / (200 * TURNS));
    const round = Math.floor(at / 200) % TURNS;
    const conversation = block * 200 + ((at * ORDERS[round]!) % 200);
    const tried = new Set<string>();
    for (;;) {
      const lease = await choose(conversation, tried);
      if (lease === undefined) {
        if (fleet.hasTokens()) failedInVain++;
        break;
      }
      const error = fleet.serve(lease.account.id);
      if (error === undefined) {
        lease.settle({ type: 'served' });
        served++;
        if (last.get(conversation) === lease.account.id) hits++;
        last.set(conversation, lease.account.id);
        break;
      }
      rejected++;
      settleFailure(lease, error);
      tried.add(lease.account.id);
    }
  }
  const loads = fleet.loads();
  const requests = CONVERSATIONS * TURNS;
  const cacheHits = hits / (CONVERSATIONS * (TURNS - 1));
  return {
    requests,
    served,
    rejected,
    failedInVain,
    cacheHits,
    spread: Math.max(...loads) / Math.max(1, Math.min(...loads)),
  };
}

interface Fleet {
  readonly clock: ReturnType<typeof createFakeClock>;
  readonly ids: readonly string[];
  /** The upstream of an account: takes a token, or answers as its vendor does, with the time of the next one. */
  serve(id: string): GatewayError | undefined;
  hasTokens(): boolean;
  loads(): readonly number[];
}

function createFleet(): Fleet {
  const clock = createFakeClock(FAILED_AT);
  const ids = Array.from({ length: ACCOUNTS }, (_, at) => `acc_${at}`);
  // every fifth account is a small one
  const buckets = new Map(
    ids.map((id, at): [string, Bucket] => {
      return [
        id,
        { vendor: RATES[at % RATES.length]!, tokens: at % 5 === 0 ? 1 : CAPACITY, filledAt: FAILED_AT, served: 0 },
      ];
    }),
  );
  const refillOf = (id: string) => (ids.indexOf(id) % 5 === 0 ? REFILL_MS * 40 : REFILL_MS);
  const fill = (id: string): Bucket => {
    const bucket = buckets.get(id)!;
    const refill = refillOf(id);
    const gained = Math.floor((clock.now() - bucket.filledAt) / refill);
    bucket.tokens = Math.min(CAPACITY, bucket.tokens + gained);
    bucket.filledAt += gained * refill;
    return bucket;
  };
  return {
    clock,
    ids,
    serve: (id) => {
      const bucket = fill(id);
      if (bucket.tokens >= 1) {
        bucket.tokens--;
        bucket.served++;
        return undefined;
      }
      const error = readVendorFailure(bucket.vendor);
      const retryAfterMs = bucket.filledAt + refillOf(id) - clock.now();
      return new GatewayError(error.kind, error.message, { ...error.detail, retryAfterMs });
    },
    hasTokens: () => ids.some((id) => fill(id).tokens >= 1),
    loads: () => [...buckets.values()].map(({ served }) => served),
  };
}

/** The pool as it is. */
export function runPool(): Promise<FleetReport> {
  return runFleet(({ clock, ids }) => {
    const pool = createPool({ clock, policy: () => aPolicy({ mode: 'balance', patienceMs: 0 }) });
    pool.setAccounts(ids.map((id) => anAccount(id, { models: [MODEL] })));
    const { signal } = new AbortController();
    return (conversation, tried) => {
      return pool
        .lease({ target: { model: MODEL }, tried, sessionKey: `c${conversation}` }, signal)
        .catch(() => undefined);
    };
  });
}

/** One account after the other, whatever they answered before: each is asked once at most for a request. */
export function runRoundRobin(): Promise<FleetReport> {
  return runFleet(({ ids }) => {
    let next = 0;
    return async (_, tried) => {
      if (tried.size === ids.length) return undefined;
      while (tried.has(ids[next % ids.length]!)) next++;
      const account = anAccount(ids[next++ % ids.length]!);
      return { account, target: { model: MODEL }, why: 'next', settle: () => {} };
    };
  });
}
