import { createExchangeCounters, type ExchangeCounters } from './admin/exchange-counters.ts';
import { type Account, isSameLogin, type ProviderId } from './base/account.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { createWatchdog, type Watchdog } from './base/watchdog.ts';
import { countForKey, holdKeys } from './compose-keys.ts';
import type { Settings } from './config/settings.ts';
import { offerModels } from './offer-models.ts';
import type { Stores } from './open-stores.ts';
import type { Policy, Pool } from './pool/account-state.ts';
import type { Alias } from './pool/alias.ts';
import { type Dispatch, dispatched, readDispatch } from './pool/dispatch.ts';
import { buildCatalog } from './pool/model-catalog.ts';
import { createPool } from './pool/pool.ts';
import { type Resolution, resolveModel } from './pool/resolve-model.ts';
import { createTokenRatios, type TokenRatios } from './relay/counting/token-ratios.ts';
import type { RelayLimits, RelayPorts } from './relay/journey.ts';
import { createRefusalMemory } from './relay/refusal-memory.ts';
import { createWayFinder } from './relay/way.ts';
import type { KeyHolders } from './routes/key-holders.ts';
import type { ModelsPort } from './routes/models.ts';
import type { DialectId } from './translate/dialect-id.ts';
import { type CredentialKeeper, createCredentialKeeper } from './upstream/credential-keeper.ts';
import { createFetchMedia, type FetchMedia, lookUp } from './upstream/fetch-media.ts';
import { keepMedia } from './upstream/keep-media.ts';
import type { Send } from './upstream/provider.ts';
import { findProvider } from './upstream/registry.ts';
import { renewCredential } from './upstream/renew-credential.ts';
import { callNetwork, createSend } from './upstream/send.ts';
import { asHttpProxy, createSocksBridge } from './upstream/socks-bridge.ts';

const BINDING_TTL_MS = 60 * 60 * 1000;

/** What the running program is made of, below its URLs. */
export interface Core {
  readonly pool: Pool;
  readonly relayPorts: RelayPorts;
  /** Renews the credentials that run out, for requests and for checks of accounts alike. */
  readonly credentials: CredentialKeeper;
  /** What past answers tell of the tokens of requests. */
  readonly tokenRatios: TokenRatios;
  /** What has been counted since the start. */
  readonly counters: ExchangeCounters;
  /** Who holds the named client keys. */
  readonly keyHolders: KeyHolders;
  /** Where a requested model leads, with the accounts and aliases of this moment. */
  resolve(model: string): Resolution;
  /** The models that clients are offered. */
  readonly models: ModelsPort;
  accounts(): readonly Account[];
  aliases(): readonly Alias[];
  /** Takes up accounts and aliases that were changed in the store. */
  reload(): void;
  /** Takes up what the owner has chosen for each provider. */
  redispatch(choices: readonly string[]): void;
}

/** What composing needs. */
export interface CoreParts {
  readonly stores: Stores;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Joins pool, relay and upstreams over the stores. */
export function composeCore(parts: CoreParts): Core {
  const { stores, settings, clock } = parts;
  let accounts: readonly Account[] = [];
  let aliases: readonly Alias[] = [];
  let dispatch = readDispatch(settings().dispatch);
  let catalog = buildCatalog([]);
  let models = offerModels([], [], catalog);
  const pool = createPool({
    clock,
    policy: () => policyOf(settings()),
    onChange: (states) => stores.states.save(states),
    restored: stores.states.readAll(),
    ties: stores.ties,
  });
  const resolve = remember((model) => resolveModel(model, aliases, catalog));
  const reload = () => {
    accounts = stores.accounts.list();
    const usable = dispatched(accounts, dispatch);
    aliases = stores.aliases.list();
    catalog = buildCatalog(usable);
    models = offerModels(usable, aliases, catalog);
    resolve.forget();
    pool.setAccounts(usable);
  };
  const tokenRatios = createTokenRatios(stores.tokenRatios);
  const keyHolders = holdKeys(parts);
  const counters = createExchangeCounters(stores.costOf);
  reload();
  const sending = composeSend(parts);
  const credentials = keepCredentials(parts, sending);
  return {
    pool,
    credentials,
    resolve,
    models: { list: () => models.list(), find: (id) => models.find(id) },
    reload,
    redispatch: (choices) => {
      dispatch = readDispatch(choices);
      reload();
    },
    accounts: () => accounts,
    aliases: () => aliases,
    tokenRatios,
    keyHolders,
    counters,
    relayPorts: {
      ...composeRelay(parts, { pool, resolve, tokenRatios, credentials, keyHolders, counters, ...sending }),
      exclusive: (dialect) => exclusiveFor(dispatch, dialect),
    },
  };
}

function composeSend({ settings, clock }: CoreParts): { readonly send: Send; readonly watchdog: Watchdog } {
  const watchdog = createWatchdog(clock);
  const send = createSend({
    fetch: callNetwork,
    clock,
    watchdog,
    firstByteTimeoutMs: () => settings().first_byte_timeout_s * 1000,
    proxyUrl: () => settings().upstream_proxy,
  });
  return { send, watchdog };
}

function keepCredentials({ stores, clock, log }: CoreParts, { send }: { readonly send: Send }): CredentialKeeper {
  return createCredentialKeeper({
    clock,
    renew: (account, signal) => renewCredential({ send, now: clock.now }, account, signal),
    load: (id) => stores.accounts.get(id)?.credential,
    save: (id, credential, from) => {
      const stored = stores.accounts.get(id);
      // its owner has removed the account meanwhile, or given it another credential
      if (stored === undefined || !isSameLogin(stored.credential, from)) return;
      stores.accounts.put({ ...stored, credential });
      log.debug('token renewed', { account: id });
    },
  });
}

/** The first provider that is to have all requests of a dialect that it speaks. */
function exclusiveFor(dispatch: Dispatch, dialect: DialectId): ProviderId | undefined {
  for (const [id, mode] of dispatch) {
    const speaks = mode === 'exclusive' && findProvider(id)?.endpoints.some((endpoint) => endpoint.dialect === dialect);
    if (speaks === true) return id;
  }
  return undefined;
}

function composeRelay(
  { stores, settings, clock, log }: CoreParts,
  core: Pick<Core, 'pool' | 'resolve' | 'tokenRatios' | 'credentials' | 'keyHolders' | 'counters'> &
    ReturnType<typeof composeSend>,
): RelayPorts {
  const { watchdog, send, credentials } = core;
  return {
    send,
    credentials,
    pool: core.pool,
    resolve: core.resolve,
    clock,
    log,
    watchdog,
    findProvider,
    findWay: createWayFinder(findProvider),
    running: new Map(),
    exchangeLog: {
      record: (exchange, body) => {
        stores.exchanges.record(exchange);
        core.counters.count(exchange);
        if (exchange.clientKey !== undefined) countForKey(exchange, core.keyHolders, stores.costOf);
        core.tokenRatios.learn(exchange, body);
      },
    },
    seals: stores.seals,
    responses: stores.responses,
    refusals: createRefusalMemory(),
    fetchMedia: followLinks(settings, clock),
    ...wishesOf(settings),
  };
}

function followLinks(settings: () => Settings, clock: Clock): () => FetchMedia | undefined {
  const bridge = createSocksBridge();
  const fetchMedia = keepMedia(
    createFetchMedia({
      fetch: callNetwork,
      lookUp,
      clock,
      proxyUrl: () => asHttpProxy(settings().upstream_proxy, bridge),
    }),
    clock,
  );
  return () => (settings().fetch_media ? fetchMedia : undefined);
}

/** What the owner's settings say of requests. */
function wishesOf(settings: () => Settings): Pick<RelayPorts, 'limits' | 'bodies' | 'fansOut' | 'marksCache'> {
  return {
    limits: () => limitsOf(settings()),
    bodies: () => ({ keep: settings().log_bodies, limitBytes: settings().body_limit_kb * 1024 }),
    fansOut: () => settings().fan_out,
    marksCache: () => settings().auto_cache,
  };
}

/** Names that are kept; clients may ask for any number of models that do not exist. */
const MOST_NAMES_KEPT = 500;

/** Finds out only once where a name leads, until accounts or aliases change: each request asks. */
function remember(find: (model: string) => Resolution): ((model: string) => Resolution) & { forget(): void } {
  const known = new Map<string, Resolution>();
  const resolve = (model: string) => {
    let resolution = known.get(model);
    if (resolution !== undefined) return resolution;
    resolution = find(model);
    if (known.size >= MOST_NAMES_KEPT) known.clear();
    known.set(model, resolution);
    return resolution;
  };
  return Object.assign(resolve, { forget: () => known.clear() });
}

function policyOf(settings: Settings): Policy {
  return { mode: settings.scheduling_mode, patienceMs: settings.patience_s * 1000, bindingTtlMs: BINDING_TTL_MS };
}

function limitsOf(settings: Settings): RelayLimits {
  return {
    budgetMs: settings.request_budget_s * 1000,
    firstByteMs: settings.first_byte_timeout_s * 1000,
    idleMs: settings.idle_timeout_s * 1000,
  };
}
