import type { ProviderId } from '../base/account.ts';
import type { Clock } from '../base/clock.ts';
import type { GatewayError } from '../base/gateway-error.ts';
import type { Log } from '../base/log.ts';
import type { Usage } from '../base/usage.ts';
import type { Watchdog } from '../base/watchdog.ts';
import type { Lease, Pool } from '../pool/account-state.ts';
import type { Resolution } from '../pool/resolve-model.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { CredentialKeeper } from '../upstream/credential-keeper.ts';
import type { FetchMedia } from '../upstream/fetch-media.ts';
import type { FindProvider, Send } from '../upstream/provider.ts';
import type { ClientCall } from './call.ts';
import type { ExchangeLog } from './exchange.ts';
import type { BodyPolicy, ExchangeDraft } from './exchange-draft.ts';
import type { FoundRefusal } from './learn-refusals.ts';
import type { RefusalMemory } from './refusal-memory.ts';
import type { ResponseMemory } from './response-memory.ts';
import type { RunningExchanges } from './running-exchanges.ts';
import type { SealMemory } from './seal-memory.ts';
import type { Session } from './session-key.ts';
import type { FindWay } from './way.ts';

/** The time limits of the relay, in milliseconds. */
export interface RelayLimits {
  readonly budgetMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
}

/** What the relay works with. */
export interface RelayPorts {
  readonly pool: Pool;
  readonly findWay: FindWay;
  readonly findProvider: FindProvider;
  readonly resolve: (model: string) => Resolution;
  /** The provider that its owner lets take all requests of a dialect. Absent: there is none. */
  readonly exclusive?: (dialect: DialectId) => ProviderId | undefined;
  readonly send: Send;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  readonly log: Log;
  readonly exchangeLog: ExchangeLog;
  /** Where exchanges stand while they run. Absent: nobody looks. */
  readonly running?: RunningExchanges;
  readonly seals: SealMemory;
  readonly responses: ResponseMemory;
  readonly refusals: RefusalMemory;
  readonly limits: () => RelayLimits;
  readonly bodies: () => BodyPolicy;
  /** Whether several answers are asked for one by one where a target gives one. Absent: they are not. */
  readonly fansOut?: () => boolean;
  /** Whether requests without cache marks get some where they are translated. Absent: they do not. */
  readonly marksCache?: () => boolean;
  /** Gets what links lead to, for upstreams that take none; nothing where the owner does not want that. Absent: it is not done. */
  readonly fetchMedia?: () => FetchMedia | undefined;
  /** Renews the credentials that run out. Absent: all of them last. */
  readonly credentials?: CredentialKeeper;
}

/** One exchange while its attempts run. */
export interface Journey {
  readonly ports: RelayPorts;
  readonly call: ClientCall;
  readonly exchange: ExchangeDraft;
  /** What ties it to the other requests of its conversation. */
  readonly session?: Session;
  /** The request in canonical form, decoded once for all attempts. */
  readonly canonical: () => CanonicalRequest;
  /** True once an upstream has refused the seals of earlier thoughts: they stay behind from then on. */
  readonly dropsThoughts: boolean;
  /** The seals that an upstream has refused in this exchange. */
  readonly refusedSeals: string[];
  /** The faults, and the refused fields, that an account was asked again after: each gets one more try. */
  readonly askedAgain: ReadonlySet<string>;
  /** What upstreams have refused by name in this exchange. Absent: nothing. */
  readonly found?: readonly FoundRefusal[];
}

/** What an attempt cost, for accounts that have a budget of tokens; nothing to tell of the others. */
export function costOf({ account }: Lease, usage: Usage | undefined): { readonly tokens?: number } {
  if (account.budget?.tokensPerDay === undefined || usage === undefined) return {};
  return { tokens: (usage.input ?? 0) + (usage.output ?? 0) };
}

/** Tells the pool of a failed attempt, with what was used of it; what the client did or its request caused is nobody's strike. */
export function settleFailure(lease: Lease, error: GatewayError, usage?: Usage): void {
  const { blame } = error.traits;
  const cost = costOf(lease, usage);
  if (blame !== 'account' && blame !== 'upstream') {
    lease.settle({ type: 'canceled', ...cost });
    return;
  }
  const { retryAfterMs, scope } = error.detail;
  lease.settle({
    type: 'failed',
    kind: error.kind,
    message: error.message,
    ...cost,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(scope === undefined ? {} : { scope }),
  });
}
