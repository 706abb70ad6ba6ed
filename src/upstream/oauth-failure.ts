import { AuthorizationResponseError, OperationProcessingError, ResponseBodyError } from 'oauth4webapi';
import { type ErrorKind, GatewayError } from '../base/gateway-error.ts';
import { maskText } from '../base/mask-text.ts';
import type { AuthorizationServer } from './google-oauth.ts';
import { addressOf } from './send-fault.ts';

/** What owners can do about the errors of https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const ADVICE: { readonly [code: string]: string } = {
  invalid_grant:
    'It has expired, was revoked, or was replaced by a newer one. Sign in again. (Refresh tokens of a Google client in testing mode live seven days.)',
  invalid_client: 'The client id or the client secret is wrong, or the client was deleted.',
  unauthorized_client: 'The client may not ask for tokens this way.',
  invalid_scope: 'The client or the service account may not use these APIs.',
  access_denied: 'The sign-in was refused.',
};

/** Says in words for people why no token was given out; secrets stand in none of them. */
export async function explainOauthFailure(thrown: unknown, server: AuthorizationServer): Promise<GatewayError> {
  if (thrown instanceof GatewayError) return thrown;
  const host = addressOf(server.tokenUrl);
  if (thrown instanceof AuthorizationResponseError) {
    return new GatewayError(
      'invalid-request',
      `The sign-in ended with "${thrown.error}". ${ADVICE[thrown.error] ?? ''}`.trim(),
    );
  }
  if (thrown instanceof ResponseBodyError) {
    const told = thrown.error_description === undefined ? '' : ` (${maskText(thrown.error_description)})`;
    const words = `${host} gave no token: ${thrown.error}${told}. ${ADVICE[thrown.error] ?? ''}`.trim();
    return new GatewayError(kindOf(thrown.status), words, { code: thrown.error });
  }
  if (thrown instanceof OperationProcessingError && thrown.cause instanceof Response) {
    const { status } = thrown.cause;
    await thrown.cause.body?.cancel().catch(() => {});
    return new GatewayError(kindOf(status), `${host} gave no token: it answered ${status}.`);
  }
  if (isStateFault(thrown)) {
    return new GatewayError('invalid-request', 'This address belongs to no sign-in that was begun here; begin anew.');
  }
  // the library's errors can hold the whole answer, with its tokens
  const reason = thrown instanceof Error ? maskText(thrown.message) : 'an unknown fault';
  return new GatewayError('upstream-malformed', `${host} gave no token: ${reason}.`);
}

function kindOf(status: number): ErrorKind {
  if (status === 429) return 'rate-limited';
  if (status === 408 || status >= 500) return 'upstream-failed';
  return status >= 400 ? 'credential-rejected' : 'upstream-malformed';
}

function isStateFault(thrown: unknown): boolean {
  return thrown instanceof OperationProcessingError && /response parameter/.test(thrown.message);
}
