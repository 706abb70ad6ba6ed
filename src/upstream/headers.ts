import type { ProviderId } from '../base/account.ts';
import type { DialectId } from '../translate/dialect-id.ts';

/** Request headers by lower-case name. */
export type HeaderMap = { readonly [name: string]: string };

/** The way of a request, as far as its headers hang on it. */
export interface HeaderRoute {
  readonly clientDialect: DialectId;
  readonly upstreamDialect: DialectId;
  readonly provider: ProviderId;
  readonly stream: boolean;
}

/** The version of Anthropic's API that every server of the dialect knows. */
const ANTHROPIC_VERSION = '2023-06-01';

/** What the client's headers may tell any upstream of the same dialect. */
const SHARED = [/^user-agent$/, /^x-stainless-/, /^idempotency-key$/, /^x-client-request-id$/];

/** What they may tell only the service itself or one provider, by provider. */
const OWN: { readonly [P in ProviderId]?: readonly RegExp[] } = {
  openai: [/^openai-(?:organization|project|beta)$/, /^(?:originator|session-id|thread-id|version)$/, /^x-codex-/],
  'openai-compatible': [/^openai-beta$/],
  anthropic: [/^anthropic-(?:beta|dangerous-direct-browser-access)$/, /^x-app$/, /^x-claude-code-/],
  gemini: [/^x-goog-api-client$/],
  'gemini-compatible': [/^x-goog-api-client$/],
  vertex: [/^x-goog-(?:api-client|user-project)$/],
  openrouter: [/^http-referer$/, /^x-title$/],
};

/**
 * The headers of an upstream request that do not authorize it. Within one dialect a fixed list of the client's own goes along;
 * between two nothing does. Credentials, cookies, addresses and encodings of the client never do.
 */
export function forwardHeaders(client: HeaderMap, route: HeaderRoute): HeaderMap {
  const own = ownHeaders(route.upstreamDialect, route.stream);
  if (route.clientDialect !== route.upstreamDialect) return { ...own, 'content-type': 'application/json' };
  const version = route.provider === 'anthropic' ? pickVersion(client) : {};
  return { ...own, ...pickHeaders(client, route.provider), ...version, 'content-type': 'application/json' };
}

/** The headers that every upstream request has, whoever asked for it. */
export function ownHeaders(dialect: DialectId, stream: boolean): HeaderMap {
  return {
    'user-agent': 'Trivium',
    accept: stream ? 'text/event-stream' : 'application/json',
    // an answer that is read event by event gains nothing from compression
    'accept-encoding': 'identity',
    ...(dialect === 'anthropic-messages' ? { 'anthropic-version': ANTHROPIC_VERSION } : {}),
  };
}

function pickHeaders(client: HeaderMap, provider: ProviderId): HeaderMap {
  const allowed = [...SHARED, ...(OWN[provider] ?? [])];
  return Object.fromEntries(Object.entries(client).filter(([name]) => allowed.some((rule) => rule.test(name))));
}

/** The service itself knows newer versions of its API; servers that only speak its dialect often do not. */
function pickVersion(client: HeaderMap): HeaderMap {
  const version = client['anthropic-version'];
  return version === undefined ? {} : { 'anthropic-version': version };
}

/** What an upstream's answer headers depend on, on their way to the client. */
export interface AnswerRules {
  readonly clientDialect: DialectId;
  /** Same dialect on both sides. */
  readonly passes: boolean;
  /** True: the rate limits of the one account that served are shown to the client. */
  readonly rateLimits?: boolean;
}

const REQUEST_ID: { readonly [D in DialectId]?: string } = {
  'openai-chat': 'x-request-id',
  'openai-completions': 'x-request-id',
  'openai-responses': 'x-request-id',
  'anthropic-messages': 'request-id',
};
const PASSED = ['retry-after', 'retry-after-ms', 'openai-processing-ms', 'openai-version'];
const RATE_LIMIT = /^(?:x-ratelimit-|anthropic-ratelimit-)/;

/** The headers of an upstream's answer that the client gets to see; everything that is not listed stays behind. */
export function answerHeaders(upstream: Headers, rules: AnswerRules): HeaderMap {
  const headers: { [name: string]: string } = {};
  const idName = REQUEST_ID[rules.clientDialect];
  const id = upstream.get('request-id') ?? upstream.get('x-request-id');
  if (idName !== undefined && id !== null) headers[idName] = id;
  if (!rules.passes) return headers;
  for (const name of PASSED) {
    const value = upstream.get(name);
    if (value !== null) headers[name] = value;
  }
  if (rules.rateLimits) {
    for (const [name, value] of upstream) if (RATE_LIMIT.test(name)) headers[name] = value;
  }
  return headers;
}
