import type { JsonObject } from './json.ts';

/** What went wrong, independent of any dialect. All policy hangs on it. */
export type ErrorKind =
  | 'invalid-request'
  | 'context-too-long'
  | 'content-blocked'
  | 'request-too-large'
  | 'unsupported-encoding'
  | 'translation-refused'
  | 'client-unauthenticated'
  | 'client-forbidden'
  | 'model-unknown'
  | 'route-unknown'
  | 'method-not-allowed'
  | 'upgrade-required'
  | 'rate-limited'
  | 'quota-exhausted'
  | 'credential-rejected'
  | 'permission-denied'
  | 'upstream-model-unknown'
  | 'seal-rejected'
  | 'overloaded'
  | 'upstream-failed'
  | 'upstream-timeout'
  | 'upstream-unreachable'
  | 'upstream-malformed'
  | 'answer-unusable'
  | 'pool-cooling'
  | 'no-account'
  | 'service-stopped'
  | 'canceled'
  | 'internal';

/** The value of `x-trivium-verdict` that an error answers with. */
export type Verdict =
  | 'client-error'
  | 'account-invalid'
  | 'rate-limited'
  | 'quota-exhausted'
  | 'upstream-overloaded'
  | 'upstream-failed'
  | 'network'
  | 'no-account'
  | 'gateway-error';

/** Who has to change something before the same request can succeed. */
export type Blame = 'client' | 'account' | 'upstream' | 'gateway' | 'nobody';

/** What the attempt loop does after an attempt that failed this way. */
export type NextStep = 'stop' | 'next-account' | 'refresh' | 'same-account';

/** The fixed properties of an error kind. */
export interface ErrorTraits {
  /** The HTTP status our own API uses; a dialect's error table may differ. */
  readonly status: number;
  readonly blame: Blame;
  readonly next: NextStep;
  readonly verdict: Verdict;
}

const traits = (status: number, blame: Blame, next: NextStep, verdict: Verdict): ErrorTraits => ({
  status,
  blame,
  next,
  verdict,
});

/** One row for each kind; a new kind does not compile without its row. */
export const ERROR_TRAITS: Record<ErrorKind, ErrorTraits> = {
  'invalid-request': traits(400, 'client', 'stop', 'client-error'),
  'context-too-long': traits(400, 'client', 'stop', 'client-error'),
  'content-blocked': traits(400, 'client', 'stop', 'client-error'),
  'request-too-large': traits(413, 'client', 'stop', 'client-error'),
  'unsupported-encoding': traits(415, 'client', 'stop', 'client-error'),
  'translation-refused': traits(400, 'client', 'stop', 'client-error'),
  'client-unauthenticated': traits(401, 'client', 'stop', 'client-error'),
  'client-forbidden': traits(403, 'client', 'stop', 'client-error'),
  'model-unknown': traits(404, 'client', 'stop', 'client-error'),
  'route-unknown': traits(404, 'client', 'stop', 'client-error'),
  'method-not-allowed': traits(405, 'client', 'stop', 'client-error'),
  'upgrade-required': traits(426, 'client', 'stop', 'client-error'),
  'rate-limited': traits(429, 'account', 'next-account', 'rate-limited'),
  'quota-exhausted': traits(429, 'account', 'next-account', 'quota-exhausted'),
  'credential-rejected': traits(502, 'account', 'refresh', 'account-invalid'),
  'permission-denied': traits(403, 'account', 'next-account', 'account-invalid'),
  'upstream-model-unknown': traits(404, 'account', 'next-account', 'client-error'),
  'seal-rejected': traits(400, 'nobody', 'same-account', 'client-error'),
  overloaded: traits(503, 'upstream', 'next-account', 'upstream-overloaded'),
  'upstream-failed': traits(502, 'upstream', 'next-account', 'upstream-failed'),
  'upstream-timeout': traits(504, 'upstream', 'next-account', 'network'),
  'upstream-unreachable': traits(502, 'upstream', 'next-account', 'network'),
  'upstream-malformed': traits(502, 'upstream', 'next-account', 'upstream-failed'),
  'answer-unusable': traits(502, 'nobody', 'same-account', 'upstream-failed'),
  'pool-cooling': traits(429, 'account', 'stop', 'rate-limited'),
  'no-account': traits(503, 'gateway', 'stop', 'no-account'),
  'service-stopped': traits(503, 'gateway', 'stop', 'gateway-error'),
  canceled: traits(499, 'nobody', 'stop', 'client-error'),
  internal: traits(500, 'gateway', 'stop', 'gateway-error'),
};

/**
 * What a limit holds for beyond the model that was asked: the whole account, or every model with a word in its name, such as
 * `opus`.
 */
export type LimitScope = { readonly type: 'account' } | { readonly type: 'family'; readonly family: string };

/** What an upstream itself said of an error, kept so that its own dialect can hear it unchanged. */
export interface UpstreamWords {
  readonly dialect: string;
  readonly status: number;
  readonly body: JsonObject;
}

/** Further facts of a `GatewayError`; all optional. */
export interface ErrorDetail {
  /** Milliseconds until another try can succeed, when a time is known. */
  readonly retryAfterMs?: number;
  /** What the limit holds for, where the upstream says so. Absent: for the model that was asked. */
  readonly scope?: LimitScope;
  /** The field of the client's request that is wrong, in the client's own terms: `messages[3].content`. */
  readonly param?: string;
  /** The methods that a path takes, for `method-not-allowed`. */
  readonly allowed?: readonly string[];
  /** The upstream's own machine-readable code; without an upstream's words the one that clients of OpenAI's dialects know. */
  readonly code?: string;
  readonly upstream?: UpstreamWords;
  /** An optional field that the upstream refused by name: the same account gets the request once more without it. */
  readonly refusedField?: string;
  /** True: the credential that was refused has been renewed since, so the same account is asked once more. */
  readonly renewed?: true;
  readonly cause?: unknown;
}

/** The one error class that crosses folders; its message is for people and holds no secret. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';

  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly detail: ErrorDetail = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
  }

  get traits(): ErrorTraits {
    return ERROR_TRAITS[this.kind];
  }
}

/** Refuses a request for a reason in the request itself; `param` names the field in the client's terms. */
export function invalidRequest(message: string, param?: string): GatewayError {
  return new GatewayError('invalid-request', message, param === undefined ? {} : { param });
}

/** Turns anything thrown into a `GatewayError`; what is not one already is a fault of ours. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (thrown instanceof RangeError && /call stack|stack size/i.test(thrown.message)) {
    return new GatewayError('invalid-request', 'The request is nested too deeply.', { cause: thrown });
  }
  return new GatewayError('internal', 'The gateway met an unexpected fault; its log has the details.', {
    cause: thrown,
  });
}
