import type { Account } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Dialect } from '../translate/dialect.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { DIALECTS } from '../translate/registry.ts';
import { type SealOrigin, sealOrigin } from '../translate/seal-origin.ts';
import type { TargetTraits } from '../translate/target.ts';
import { baseUrlOf, chooseEndpoint } from '../upstream/endpoint.ts';
import type { Endpoint, FindProvider, Provider } from '../upstream/provider.ts';

/** The way from a client's dialect to a model of an account: which upstream, where, in which dialect. */
export interface Way {
  readonly provider: Provider;
  readonly endpoint: Endpoint;
  readonly baseUrl: string;
  readonly upstream: Dialect;
  readonly client: Dialect;
  readonly traits: TargetTraits;
  /** Who makes the seals of its answers. */
  readonly origin: SealOrigin;
  /** Same dialect on both sides: the bytes pass. */
  readonly passes: boolean;
  /** True: even bytes that pass have to be adjusted for this upstream. */
  readonly adjusts: boolean;
  /** True: the flags of `anthropic-beta` go along. */
  readonly takesBetas: boolean;
  /** Where whole answers and streams are asked for; empty when the provider answers without a network. */
  readonly wholeUrl: string;
  readonly streamUrl: string;
  /** The headers that authorize the account. */
  readonly authorization: { readonly [name: string]: string };
}

/** Finds ways. Throws `no-account` when the account cannot be spoken to. */
export type FindWay = (account: Account, dialect: DialectId, model: string) => Way;

const MOST_WAYS_KEPT = 500;

/** Makes the finder; a way depends on its account and the names alone, so it is found once. */
export function createWayFinder(findProvider: FindProvider): FindWay {
  const known = new WeakMap<Account, Map<string, Way>>();
  return (account, dialect, model) => {
    let ways = known.get(account);
    if (ways === undefined) {
      ways = new Map();
      known.set(account, ways);
    }
    const name = `${dialect} ${model}`;
    let way = ways.get(name);
    if (way === undefined) {
      way = findWay(findProvider(account.provider), account, { dialect, model });
      if (ways.size >= MOST_WAYS_KEPT) ways.clear();
      ways.set(name, way);
    }
    return way;
  };
}

function findWay(
  provider: Provider | undefined,
  account: Account,
  request: { readonly dialect: DialectId; readonly model: string },
): Way {
  if (provider === undefined) {
    throw new GatewayError('no-account', `The provider "${account.provider}" is not supported yet.`);
  }
  const endpoint = chooseEndpoint(provider, account, request);
  if (endpoint === undefined) {
    const words = `The account "${account.name}" is limited to dialects that its provider does not speak.`;
    throw new GatewayError('no-account', words);
  }
  const { dialect } = endpoint;
  const { model } = request;
  const isLocal = provider.answerLocally !== undefined;
  const baseUrl = isLocal ? '' : baseUrlOf(provider, account);
  const facts = account.modelFacts?.[model] ?? account.modelFacts?.[model.replace(/^models\//, '')];
  const urlOf = (stream: boolean) => (isLocal ? '' : endpoint.url({ baseUrl, model, stream }));
  return {
    provider,
    endpoint,
    baseUrl,
    upstream: DIALECTS[dialect],
    client: DIALECTS[request.dialect],
    traits: {
      provider: provider.id,
      quirks: provider.quirks(dialect, model, baseUrl),
      ...(facts === undefined ? {} : { facts }),
    },
    origin: sealOrigin(dialect, model, account.id),
    passes: dialect === request.dialect,
    adjusts: provider.adjusts?.(dialect, model, baseUrl) ?? provider.adjust !== undefined,
    takesBetas: provider.takesBetas?.(baseUrl) === true,
    wholeUrl: urlOf(false),
    streamUrl: urlOf(true),
    authorization: provider.authorize(account, dialect),
  };
}
