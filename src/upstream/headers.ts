import type { ProviderId } from '../base/account.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { dropped } from '../translate/loss.ts';

/** Request headers by lower-case name. */
export type HeaderMap = { readonly [name: string]: string };

/** The way of a request, as far as its headers hang on it. */
export interface HeaderRoute {
  readonly clientDialect: DialectId;
  readonly upstreamDialect: DialectId;
  readonly provider: ProviderId;
  readonly stream: boolean;
  /** True: the flags of `anthropic-beta` go along. Absent: Anthropic alone hears them. */
  readonly takesBetas?: boolean;
}

/** The version of Anthropic's API that every server of the dialect knows. */
const ANTHROPIC_VERSION = '2023-06-01';

/** What is lost when a server refuses flags of `anthropic-beta`. */
export const BETAS_REFUSED = dropped('beta', 'The upstream refuses a flag of `anthropic-beta`.');

/** What the client's headers may tell any upstream of the same dialect. */
const SHARED = [/^user-agent$/, /^x-stainless-/, /^idempotency-key$/, /^x-client-request-id$/];

/** What they may tell only the service itself or one provider, by provider. */
const OWN: { readonly [P in ProviderId]?: readonly RegExp[] } = {
  openai: [/^openai-(?:organization|project|beta)$/, /^(?:originator|session-id|thread-id|version)$/, /^x-codex-/],
  'openai-compatible': [/^openai-beta$/],
  // the service itself knows newer versions of its API; servers that only speak its dialect often do not
  anthropic: [/^anthropic-(?:beta|version|dangerous-direct-browser-access)$/, /^x-app$/, /^x-claude-code-/],
  gemini: [/^x-goog-api-client$/],
  'gemini-compatible': [/^x-goog-api-client$/],
  vertex: [/^x-goog-(?:api-client|user-project)$/, /^anthropic-beta$/],
  openrouter: [/^http-referer$/, /^x-title$/],
};

/**
 * The headers of an upstream request that do not authorize it. Within one dialect a fixed list of the client's own goes along;
 * between two nothing does. Credentials, cookies, addresses and encodings of the client never do.
 */
export function forwardHeaders(client: Headers, route: HeaderRoute): { [name: string]: string } {
  const headers = ownHeaders(route.upstreamDialect, route.stream);
  headers['content-type'] = 'application/json';
  if (route.clientDialect !== route.upstreamDialect) return headers;
  client.forEach((value, name) => {
    if (!NEVER.has(name) && goesAlong(name, route)) headers[name] = value;
  });
  if (route.provider === 'vertex') keepVertexBetas(headers);
  return headers;
}

/**
 * The features that Claude has at Vertex AI behind a header; it refuses a request that names any other.
 * https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai
 */
const VERTEX_BETAS =
  /^(?:interleaved-thinking|context-1m|context-management|computer-use|fine-grained-tool-streaming|tool-search-tool|web-search|compact|output-128k|token-efficient-tools)-/;

function keepVertexBetas(headers: { [name: string]: string }): void {
  const asked = headers['anthropic-beta'];
  if (asked === undefined) return;
  const kept = asked
    .split(',')
    .map((beta) => beta.trim())
    .filter((beta) => VERTEX_BETAS.test(beta));
  if (kept.length > 0) headers['anthropic-beta'] = kept.join(',');
  else delete headers['anthropic-beta'];
}

/** Adds what authorizes a request. A flag of `anthropic-beta` that it needs stands beside the client's, not in their place. */
export function authorizeHeaders(headers: { [name: string]: string }, authorization: HeaderMap): HeaderMap {
  const asked = headers['anthropic-beta'];
  const needed = authorization['anthropic-beta'];
  Object.assign(headers, authorization);
  if (asked === undefined || needed === undefined) return headers;
  headers['anthropic-beta'] = asked.split(',').some((flag) => flag.trim() === needed) ? asked : `${asked},${needed}`;
  return headers;
}

/** What nearly every client sends and no upstream gets, so that no rule need be asked. */
const NEVER = new Set([
  'host',
  'content-type',
  'content-length',
  'accept',
  'accept-encoding',
  'connection',
  'authorization',
]);

function goesAlong(name: string, { provider, takesBetas }: HeaderRoute): boolean {
  if (name === 'anthropic-beta' && takesBetas === true) return true;
  const fits = (rule: RegExp) => rule.test(name);
  return SHARED.some(fits) || (OWN[provider] ?? []).some(fits);
}

/** The headers that every upstream request has, whoever asked for it. */
export function ownHeaders(dialect: DialectId, stream: boolean): { [name: string]: string } {
  const headers: { [name: string]: string } = {
    'user-agent': 'Trivium',
    accept: stream ? 'text/event-stream' : 'application/json',
    // an answer that is read event by event gains nothing from compression
    'accept-encoding': 'identity',
  };
  if (dialect === 'anthropic-messages') headers['anthropic-version'] = ANTHROPIC_VERSION;
  return headers;
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
export function answerHeaders(upstream: Headers, rules: AnswerRules): { [name: string]: string } {
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
