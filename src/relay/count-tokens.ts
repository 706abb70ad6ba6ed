import { GatewayError } from '../base/gateway-error.ts';
import { asNumber, asObject, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Lease } from '../pool/account-state.ts';
import { DIALECTS } from '../translate/registry.ts';
import { replaceSpan } from '../translate/scan-body.ts';
import { forwardHeaders } from '../upstream/headers.ts';
import type { Answer } from './answer.ts';
import type { ClientCall } from './call.ts';
import { estimateTokens } from './estimate-tokens.ts';
import type { RelayPorts } from './journey.ts';
import type { Way } from './way.ts';

/** Counts the input tokens of a request. Throws only what is wrong with the request itself. */
export type CountTokens = (call: ClientCall) => Promise<Answer>;

type CountingDialect = 'anthropic-messages' | 'openai-responses' | 'gemini';

/** The answer that says a count, in the dialects that have one. */
const ENCODE_COUNT: { readonly [D in CountingDialect]: (tokens: number) => JsonObject } = {
  'anthropic-messages': (tokens) => ({ input_tokens: tokens }),
  'openai-responses': (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  gemini: (tokens) => ({ totalTokens: tokens }),
};

/** Makes the counter: the upstream's own where it speaks the client's dialect and counts, else an estimate that says it is one. */
export function createCountTokens(ports: RelayPorts): CountTokens {
  return async (call) => (await countUpstream(ports, call)) ?? estimateAnswer(call);
}

/** A count is never worth a failure: whatever goes wrong here leads to the estimate. */
async function countUpstream(ports: RelayPorts, call: ClientCall): Promise<Answer | undefined> {
  const target = ports.resolve(call.model).targets[0];
  if (target === undefined) return undefined;
  const choice = ports.pool.explain({ target, tried: new Set() });
  if (choice.type !== 'use') return undefined;
  const lease = await ports.pool.lease({ target, tried: new Set() }, call.signal).catch(() => undefined);
  if (lease === undefined) return undefined;
  try {
    return await askUpstream(ports, call, lease);
  } catch (thrown) {
    ports.log.debug('token count failed', { account: lease.account.id, cause: thrown });
    return undefined;
  } finally {
    // a count says nothing about the account's health for real requests
    lease.settle({ type: 'canceled' });
  }
}

async function askUpstream(ports: RelayPorts, call: ClientCall, lease: Lease): Promise<Answer | undefined> {
  const { model } = lease.target;
  const way = ports.findWay(lease.account, call.dialect, model);
  const url = way.passes ? way.endpoint.countUrl?.({ baseUrl: way.baseUrl, model, stream: false }) : undefined;
  if (url === undefined || way.provider.answerLocally !== undefined) return undefined;
  const headers = { ...forwardHeaders(call.headers, headerRoute(call, way)), ...way.authorization };
  const span = model === call.model ? undefined : call.body.span('model');
  const body = span === undefined ? call.body.bytes : replaceSpan(call.body.bytes, span, JSON.stringify(model));
  const response = await ports.send({ method: 'POST', url, headers, body }, call.signal);
  const text = await response.text();
  const counted = tryParseJson(text);
  if (response.status !== 200 || !isObject(counted) || readCount(counted) === undefined) return undefined;
  return wholeAnswer(call, text, { 'x-trivium-account': lease.account.id });
}

function headerRoute(call: ClientCall, way: Way) {
  return { clientDialect: call.dialect, upstreamDialect: way.upstream.id, provider: way.provider.id, stream: false };
}

function readCount(body: JsonObject): number | undefined {
  return asNumber(body.input_tokens) ?? asNumber(body.totalTokens);
}

function estimateAnswer(call: ClientCall): Answer {
  const encode = ENCODE_COUNT[call.dialect as CountingDialect];
  if (encode === undefined) throw new GatewayError('route-unknown', 'This protocol does not count tokens.');
  const request = DIALECTS[call.dialect].client!.decodeRequest(countedBody(call), { model: call.model, stream: false });
  const body = JSON.stringify(encode(estimateTokens(request)));
  return wholeAnswer(call, body, { 'x-trivium-warnings': 'estimated' });
}

/** Gemini counts either bare contents or a whole request in an envelope. */
function countedBody(call: ClientCall): JsonObject {
  const body = call.body.json();
  return (call.dialect === 'gemini' ? asObject(body.generateContentRequest) : undefined) ?? body;
}

function wholeAnswer(call: ClientCall, body: string, headers: { readonly [name: string]: string }): Answer {
  return { type: 'whole', status: 200, headers: { 'x-trivium-request-id': call.exchangeId, ...headers }, body };
}
