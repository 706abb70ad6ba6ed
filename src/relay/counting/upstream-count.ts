import type { Account } from '../../base/account.ts';
import { isObject, tryParseJson } from '../../base/json.ts';
import type { Lease } from '../../pool/account-state.ts';
import type { CanonicalRequest } from '../../translate/canonical/request.ts';
import {
  type CountingDialect,
  encodeCountRequest,
  isCounting,
  readCount,
  renameCountRequest,
} from '../../translate/count-body.ts';
import { editBytes } from '../../translate/edit-body.ts';
import { mayHoldEnvelope, openEnvelopesIn } from '../../translate/foreign-seals.ts';
import { encodeRequestFor } from '../../translate/prepare-request.ts';
import { DIALECTS } from '../../translate/registry.ts';
import { openScan, replaceSpan } from '../../translate/scan-body.ts';
import { sealOrigin } from '../../translate/seal-origin.ts';
import { baseUrlOf, endpointsOf } from '../../upstream/endpoint.ts';
import { authorizeHeaders, forwardHeaders } from '../../upstream/headers.ts';
import type { Endpoint, Provider } from '../../upstream/provider.ts';
import { type ClientCall, isRenamed } from '../call.ts';
import type { RelayPorts } from '../journey.ts';
import { mayExpire } from '../renew-plan.ts';

/** A request to be counted. */
export interface CountAsk {
  readonly call: ClientCall;
  readonly dialect: CountingDialect;
  /** Throws what is wrong with the request. */
  readonly request: () => CanonicalRequest;
  /** Accounts whose server turned out to count nothing, until when. */
  readonly withoutCounter: WeakMap<Account, number>;
}

/** What an upstream counted, and for which account; without tokens when there was none to ask. */
export type Counted =
  | { readonly tokens: number; readonly account: string; readonly text?: string }
  | { readonly tokens?: undefined; readonly model: string };

type Ports = Pick<RelayPorts, 'pool' | 'resolve' | 'send' | 'clock' | 'log' | 'findProvider' | 'credentials'>;

/** A client waits for a count before each of its turns: a slow one is worth less than an estimate. */
const PATIENCE_MS = 5_000;
/** A server that has no such path is not asked for it again so soon. */
const FORGET_MS = 60 * 60 * 1000;

/** Asks the upstream that would answer the request. A count is never worth a failure: whatever goes wrong leads to the estimate. */
export async function askCounter(ports: Ports, ask: CountAsk): Promise<Counted> {
  const target = ports.resolve(ask.call.model).targets[0];
  if (target === undefined) return { model: ask.call.model };
  const choice = ports.pool.explain({ target, tried: new Set() });
  if (choice.type !== 'use') return { model: target.model };
  const lease = await ports.pool.lease({ target, tried: new Set() }, ask.call.signal).catch(() => undefined);
  if (lease === undefined) return { model: target.model };
  try {
    return (await askAccount(ports, ask, lease)) ?? { model: target.model };
  } catch (thrown) {
    ports.log.debug('token count failed', { account: lease.account.id, cause: thrown });
    return { model: target.model };
  } finally {
    // a count says nothing about the account's health for real requests
    lease.settle({ type: 'canceled' });
  }
}

async function askAccount(ports: Ports, ask: CountAsk, lease: Lease): Promise<Counted | undefined> {
  const { target } = lease;
  const account = mayExpire(lease) ? await (ports.credentials?.fresh(lease.account) ?? lease.account) : lease.account;
  const provider = ports.findProvider(account.provider);
  const found =
    provider === undefined ? undefined : findCounter(provider, { account, model: target.model }, ask.dialect);
  if (provider === undefined || found === undefined) return undefined;
  if ((ask.withoutCounter.get(lease.account) ?? 0) > ports.clock.now()) return undefined;
  const response = await sendInTime(ports, ask.call, {
    url: found.countUrl!({ baseUrl: baseUrlOf(provider, account), model: target.model, stream: false }),
    headers: authorizeHeaders(
      forwardHeaders(ask.call.headers, {
        clientDialect: ask.dialect,
        upstreamDialect: found.dialect,
        provider: provider.id,
        stream: false,
        takesBetas: provider.takesBetas?.(baseUrlOf(provider, account)) === true,
      }),
      provider.authorize(account, found.dialect),
    ),
    body: makeBody(ask, provider, found.dialect as CountingDialect, lease),
    ...(account.proxyUrl === undefined ? {} : { proxyUrl: account.proxyUrl }),
  });
  if (response.status === 404 || response.status === 405) {
    ask.withoutCounter.set(lease.account, ports.clock.now() + FORGET_MS);
  }
  if (response.status !== 200) return undefined;
  const body = tryParseJson(response.text);
  const tokens = isObject(body) ? readCount(body) : undefined;
  if (tokens === undefined) return undefined;
  // an upstream of the client's dialect may say more than the number
  return { tokens, account: account.id, ...(found.dialect === ask.dialect ? { text: response.text } : {}) };
}

/** The client's own dialect first, since nothing has to be translated then. */
function findCounter(
  provider: Provider,
  { account, model }: { readonly account: Account; readonly model: string },
  dialect: CountingDialect,
): Endpoint | undefined {
  if (provider.answerLocally !== undefined) return undefined;
  const counting = endpointsOf(provider, account).filter(
    (endpoint) =>
      endpoint.countUrl !== undefined && isCounting(endpoint.dialect) && (endpoint.servesModel?.(model) ?? true),
  );
  return counting.find((endpoint) => endpoint.dialect === dialect) ?? counting[0];
}

function makeBody(ask: CountAsk, provider: Provider, dialect: CountingDialect, lease: Lease): Uint8Array | string {
  const { call } = ask;
  const { model } = lease.target;
  const traits = { provider: provider.id, quirks: provider.quirks(dialect, model, lease.account.baseUrl) };
  if (dialect === ask.dialect) {
    if (mayHoldEnvelope(call.body.bytes)) {
      const opened = openEnvelopesIn(call.body.json(), sealOrigin(dialect, model, lease.account.id));
      return JSON.stringify(renameCountRequest(dialect, opened, model));
    }
    if (model === call.model) return call.body.bytes;
    const { edits } = DIALECTS[dialect].upstream!.refit(call.body, { model, traits, renamed: isRenamed(call, model) });
    const bytes = editBytes(call.body.bytes, edits);
    const span = openScan(bytes).span('model');
    if (span !== undefined) return replaceSpan(bytes, span, JSON.stringify(model));
    return JSON.stringify(renameCountRequest(dialect, call.body.json(), model));
  }
  const encoded = encodeRequestFor(DIALECTS[dialect], { ...ask.request(), model, stream: false }, traits);
  return JSON.stringify(encodeCountRequest(dialect, encoded.body, model));
}

async function sendInTime(
  ports: Ports,
  call: ClientCall,
  request: Omit<Parameters<Ports['send']>[0], 'method'>,
): Promise<{ readonly status: number; readonly text: string }> {
  const abort = new AbortController();
  const leave = () => abort.abort();
  const stop = ports.clock.after(PATIENCE_MS, leave);
  call.signal.addEventListener('abort', leave, { once: true });
  try {
    const response = await ports.send({ method: 'POST', ...request, abort }, abort.signal);
    return { status: response.status, text: await response.text() };
  } finally {
    stop();
    call.signal.removeEventListener('abort', leave);
  }
}
