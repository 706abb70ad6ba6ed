import { type ErrorKind, GatewayError } from '../../base/gateway-error.ts';
import { asObject, asString, isObject, tryParseJson } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { UpstreamFailure } from '../../translate/dialect.ts';

/** What z.ai's own codes mean, in both dialects. https://docs.z.ai/api-reference/api-code */
const KINDS: { readonly [code: string]: ErrorKind } = {
  '1000': 'credential-rejected',
  '1001': 'credential-rejected',
  '1002': 'credential-rejected',
  '1003': 'credential-rejected',
  '1004': 'credential-rejected',
  '1110': 'permission-denied',
  '1111': 'permission-denied',
  '1112': 'permission-denied',
  '1113': 'quota-exhausted',
  '1121': 'permission-denied',
  '1210': 'invalid-request',
  '1211': 'upstream-model-unknown',
  '1212': 'upstream-model-unknown',
  '1213': 'invalid-request',
  '1214': 'invalid-request',
  '1215': 'invalid-request',
  '1220': 'permission-denied',
  '1230': 'upstream-failed',
  '1234': 'upstream-failed',
  '1261': 'context-too-long',
  '1300': 'content-blocked',
  '1301': 'content-blocked',
  '1302': 'rate-limited',
  '1303': 'rate-limited',
  '1304': 'quota-exhausted',
  '1305': 'rate-limited',
  '1308': 'quota-exhausted',
  '1309': 'permission-denied',
  '1310': 'quota-exhausted',
  '1311': 'upstream-model-unknown',
  '1313': 'permission-denied',
};

/** Limits of the plan or the balance, which all models share. */
const OF_ACCOUNT: ReadonlySet<string> = new Set(['1113', '1304', '1308', '1310']);

/** The service writes the times of its limits as Beijing time, without saying so. */
const RESET_TIME = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/;
const BEIJING = '+08:00';

/** Reads z.ai's own error code, which says more than the status: quota, rate and arrears all come as 429. */
export function refineZaiError(failure: UpstreamFailure, error: GatewayError): GatewayError {
  const body = tryParseJson(failure.body);
  const fault = isObject(body) ? (asObject(body.error) ?? body) : undefined;
  const code = fault === undefined ? undefined : (asString(fault.code) ?? String(fault.code));
  const kind = code === undefined ? undefined : lookUp(KINDS, code);
  if (kind === undefined) return error;
  const retryAfterMs = error.detail.retryAfterMs ?? untilReset(failure, asString(fault?.message) ?? '');
  return new GatewayError(kind, error.message, {
    ...error.detail,
    ...(code === undefined ? {} : { code }),
    ...(code !== undefined && OF_ACCOUNT.has(code) ? { scope: { type: 'account' } as const } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function untilReset(failure: UpstreamFailure, message: string): number | undefined {
  const match = RESET_TIME.exec(message);
  if (match === null) return undefined;
  const resetsAt = Date.parse(`${match[1]}T${match[2]}${BEIJING}`);
  return Number.isNaN(resetsAt) ? undefined : Math.max(0, resetsAt - failure.now);
}
