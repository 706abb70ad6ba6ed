import { GatewayError, toGatewayError } from '../base/gateway-error.ts';
import { maskError } from '../base/mask-text.ts';
import type { Ask, Lease, Target } from '../pool/account-state.ts';
import { exclusiveTargets } from '../pool/dispatch.ts';
import type { Resolution } from '../pool/resolve-model.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import { withoutThoughts } from '../translate/foreign-seals.ts';
import { DIALECTS } from '../translate/registry.ts';
import { refuseDeep } from '../translate/request-fields.ts';
import { writeSse } from '../translate/stream/sse.ts';
import type { Answer } from './answer.ts';
import { answerHeaders, errorHeaders } from './answer-headers.ts';
import type { AttemptPlan } from './attempt.ts';
import type { ClientCall } from './call.ts';
import { type ExchangeDraft, openExchange } from './exchange-draft.ts';
import { carryAll, splitAnswers, splitPrompts } from './fan-out.ts';
import { followReferences, ownDialectOnly, targetsOf } from './follow-references.ts';
import { heartbeatText } from './heartbeat.ts';
import { type Journey, type RelayPorts, settleFailure } from './journey.ts';
import { planWithout } from './learn-refusals.ts';
import { answerInTime, type Patience } from './patience.ts';
import { mayExpire, renewRefused, withFreshCredential } from './renew-plan.ts';
import { runAttempt } from './run-attempt.ts';
import { sessionOf } from './session-key.ts';
import { planSide, runSideAttempt, type SidePlan, unservedSide } from './side-attempt.ts';
import type { SideCall } from './side-call.ts';
import { judge, mostTelling } from './verdict.ts';

/** Carries one exchange to an upstream and back. */
export interface Relay {
  /** Answers in the client's dialect, errors included; never throws. */
  carry(call: ClientCall): Promise<Answer>;
}

const MAX_ATTEMPTS = 8;

/** Makes the relay. */
export function createRelay(ports: RelayPorts): Relay {
  return {
    carry: (call) => {
      const answer = carryCall(ports, call);
      return call.stream ? answerInTime(answer, patienceOf(ports, call)) : answer;
    },
  };
}

/** One exchange for a call, or several where it holds several prompts. */
async function carryCall(ports: RelayPorts, call: ClientCall): Promise<Answer> {
  const exchange = openExchange(call, ports.exchangeLog, ports.clock.now, ports.bodies());
  try {
    const prompts = splitPrompts(call);
    if (prompts !== undefined) return await carryAll(prompts, (one) => carryCall(ports, one));
    return await carryExchange(ports, call, exchange);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const answers = isForSeveral(error) && ports.fansOut?.() === true ? splitAnswers(call) : undefined;
    if (answers === undefined) return answerError(ports, call, exchange, error);
    // the calls are exchanges of their own; this one has asked nobody
    exchange.close({ status: 200 });
    return carryAll(answers, (one) => carryCall(ports, one));
  }
}

/** Whether a target was left because it gives only one answer to a request. */
function isForSeveral({ kind, detail }: GatewayError): boolean {
  return kind === 'translation-refused' && detail.param === 'n';
}

function patienceOf(ports: RelayPorts, call: ClientCall): Patience {
  const codec = DIALECTS[call.dialect].client!;
  return {
    clock: ports.clock,
    watchdog: ports.watchdog,
    heartbeat: call.asArray ? '' : heartbeatText(codec),
    headers: { 'x-trivium-request-id': call.exchangeId },
    endInError: (error) => codec.encodeStreamError(error, undefined, call.client).map(writeSse).join(''),
  };
}

async function carryExchange(ports: RelayPorts, call: ClientCall, exchange: ExchangeDraft): Promise<Answer> {
  if (ports.running !== undefined) exchange.runAmong(ports.running);
  const resolution = directed(ports, call);
  if (resolution.targets.length === 0) throw modelUnknown(call.model, resolution.nearest);
  const asked = followReferences(resolution.strict ? { ...call, strict: true } : call, ports.responses);
  const session = sessionOf(asked);
  const journey: Journey = {
    ports,
    call: asked,
    exchange,
    canonical: decodeOnce(asked),
    dropsThoughts: false,
    refusedSeals: [],
    askedAgain: new Set(),
    ...(session === undefined ? {} : { session }),
  };
  const errors: GatewayError[] = [];
  for (const target of targetsOf(asked, resolution.targets, ports)) {
    const answer = await tryTarget(journey, target, errors);
    if (answer !== undefined) return answer;
  }
  throw mostTelling(errors) ?? new GatewayError('no-account', 'No account could serve the request.');
}

/** Where the model leads, unless its owner sends all requests of the dialect to one provider. */
function directed(ports: RelayPorts, call: ClientCall): Resolution {
  const resolution = ports.resolve(call.model);
  const provider = ports.exclusive?.(call.dialect);
  if (provider === undefined) return resolution;
  return { ...resolution, targets: exclusiveTargets(resolution.targets, provider, call.model) };
}

/** Tries the accounts of one target until one answers. Throws what ends the exchange; `undefined` leads to the next target. */
async function tryTarget(first: Journey, target: Target, errors: GatewayError[]): Promise<Answer | undefined> {
  const { ports, call, session } = first;
  const tried = new Set<string>();
  let journey = first;
  let wanted = target;
  for (;;) {
    let lease: Lease;
    try {
      const ask = { target: wanted, tried, ...session, ...boundsOf(first) };
      lease = await ports.pool.lease(ask, call.signal);
    } catch (thrown) {
      const refused = leaseError(thrown, call);
      if (refused.kind === 'canceled') throw refused;
      // the accounts' own errors say more than that none is left; the pool knows when one comes back
      errors.push(errors.length > 0 ? withRetryAfter(mostTelling(errors)!, refused) : refused);
      return undefined;
    }
    const failed = await tryLease(journey, lease, errors);
    if (!(failed instanceof GatewayError)) return failed;
    if (staysWith(failed)) {
      // the account is sound: the same one gets the request once more
      journey = askAgain(journey, failed, lease);
      wanted = { ...target, account: lease.account.id };
    } else {
      tried.add(lease.account.id);
      wanted = target;
    }
  }
}

/** Until when an exchange may wait for an account, and what it costs to leave the one that knows its conversation. */
function boundsOf({ ports, call, session }: Journey): Pick<Ask, 'deadline' | 'promptTokens'> {
  const deadline = call.startedAt + ports.limits().budgetMs;
  if (session === undefined || session.opens === true) return { deadline };
  return { deadline, promptTokens: Math.ceil(call.body.bytes.length / BYTES_OF_TOKEN) };
}

/** About; the exact count would cost more than the decision is worth. */
const BYTES_OF_TOKEN = 4;

function staysWith({ traits, detail }: GatewayError): boolean {
  return traits.next === 'same-account' || detail.refusedField !== undefined || detail.renewed === true;
}

/** What an account is asked again after only once. */
function causeOf({ kind, detail }: GatewayError, { account }: Lease): string {
  if (kind === 'credential-rejected') return `${account.id} credential`;
  return detail.refusedField === undefined ? kind : `${account.id} ${detail.refusedField}`;
}

function askAgain(journey: Journey, failed: GatewayError, lease: Lease): Journey {
  const again = { ...journey, askedAgain: new Set([...journey.askedAgain, causeOf(failed, lease)]) };
  const field = failed.detail.refusedField;
  if (field !== undefined) return { ...again, found: [...(journey.found ?? []), { account: lease.account.id, field }] };
  // without the thoughts whose seals were refused
  if (failed.kind !== 'seal-rejected') return again;
  return { ...again, dropsThoughts: true, canonical: () => withoutThoughts(journey.canonical()) };
}

/** The next try, ready to be made: a conversation's, or that of something besides conversations. */
type Plan = AttemptPlan | (SidePlan & { readonly side: SideCall });

/** Finds the way to a leased account; throws, with the lease given back, when there is none. Answers why another account may have one. */
function planAttempt(journey: Journey, lease: Lease): Plan | GatewayError {
  const { ports, call } = journey;
  try {
    if (call.side !== undefined) {
      const plan = planSide(journey, call.side, lease);
      return plan === undefined ? unservedSide(call.side, lease) : { ...plan, side: call.side };
    }
    const plan = planWithout(journey, ports.findWay(lease.account, call.dialect, lease.target.model), lease);
    return (canTake(plan, call) ? undefined : ownDialectOnly(call)) ?? plan;
  } catch (thrown) {
    lease.settle({ type: 'canceled' });
    throw thrown;
  }
}

/** Makes one attempt. Answers the error when another account may be tried; throws it when not. */
async function tryLease(journey: Journey, lease: Lease, errors: GatewayError[]): Promise<Answer | GatewayError> {
  const { ports, call, exchange } = journey;
  const plan = planAttempt(journey, lease);
  if (plan instanceof GatewayError) {
    lease.settle({ type: 'canceled' });
    // what was tried says more
    errors.unshift(plan);
    return plan;
  }
  const attempt = exchange.beginAttempt(lease, plan.upstream.id);
  let ready = mayExpire(lease) ? undefined : plan;
  try {
    ready ??= await withFreshCredential(journey, plan);
    return await ('side' in ready
      ? runSideAttempt(journey, ready, ready.side, attempt)
      : runAttempt(journey, ready, attempt));
  } catch (thrown) {
    let error = toGatewayError(thrown);
    if (error.kind === 'internal')
      ports.log.error('attempt broke', { exchange: call.exchangeId, cause: error.detail.cause });
    const history = {
      attempts: exchange.attempts.length,
      elapsedMs: ports.clock.now() - call.startedAt,
      // what lasts cannot be renewed, and what could not be renewed just now will not be either
      refreshed: ready === undefined || !mayExpire(lease) || journey.askedAgain.has(causeOf(error, lease)),
      contentSent: false,
    };
    let next = judge(error, history, { budgetMs: ports.limits().budgetMs, maxAttempts: MAX_ATTEMPTS });
    if (next === 'refresh') {
      error = await renewRefused(journey, ready ?? plan, error);
      if (error.detail.renewed === undefined) next = 'next-account';
    }
    attempt.fail(error, next);
    // a token that ran out before its time says nothing against its account
    if (error.detail.renewed) lease.settle({ type: 'canceled' });
    else settleFailure(lease, error);
    ports.log.debug('attempt failed', { exchange: call.exchangeId, account: lease.account.id, kind: error.kind, next });
    errors.push(error);
    const ends = next === 'stop' || (next === 'same-account' && journey.askedAgain.has(causeOf(error, lease)));
    if (ends) throw mostTelling(errors) ?? error;
    return error;
  }
}

/** Whether an upstream can take the call as it is, whatever the call refers to. */
function canTake(plan: AttemptPlan, call: ClientCall): boolean {
  return plan.passes && (call.resource === undefined || plan.provider.answerLocally === undefined);
}

function answerError(ports: RelayPorts, call: ClientCall, exchange: ExchangeDraft, thrown: GatewayError): Answer {
  if (thrown.kind === 'internal') {
    ports.log.error('exchange broke', { exchange: call.exchangeId, cause: thrown.detail.cause });
  }
  const error = maskError(thrown);
  const encoded = DIALECTS[call.dialect].client!.encodeError(error, { requestId: call.exchangeId });
  exchange.close({ status: encoded.status, error });
  const headers = {
    ...answerHeaders(call.exchangeId, exchange),
    ...errorHeaders(error, exchange.attempts.length),
    'content-type': 'application/json',
  };
  return { type: 'whole', status: encoded.status, headers, body: JSON.stringify(encoded.body), error };
}

function decodeOnce(call: ClientCall): () => CanonicalRequest {
  let decoded: CanonicalRequest | undefined;
  return () => {
    if (decoded !== undefined) return decoded;
    const { model, stream } = call;
    const body = call.body.json();
    // found now, since parts of a request come back in its answer, when it has been paid for
    refuseDeep(body);
    decoded = tellPrevious(DIALECTS[call.dialect].client!.decodeRequest(body, { model, stream }), call);
    return decoded;
  };
}

/** The answer names the response that it goes on from, though the request was written out. */
function tellPrevious(request: CanonicalRequest, { writtenOut }: ClientCall): CanonicalRequest {
  if (writtenOut?.previousId === undefined) return request;
  const repeated = { ...request.answer.repeated, previous_response_id: writtenOut.previousId };
  return { ...request, answer: { ...request.answer, repeated } };
}

function modelUnknown(model: string, nearest: readonly string[]): GatewayError {
  const hint = nearest.length === 0 ? 'No account serves any model yet.' : `Did you mean ${nearest.join(', ')}?`;
  return new GatewayError('model-unknown', `The model "${model}" is not known here. ${hint}`, { param: 'model' });
}

function leaseError(thrown: unknown, call: ClientCall): GatewayError {
  if (call.signal.aborted) return new GatewayError('canceled', 'The client closed the connection.');
  return toGatewayError(thrown);
}

function withRetryAfter(error: GatewayError, refused: GatewayError): GatewayError {
  const { retryAfterMs } = refused.detail;
  if (retryAfterMs === undefined) return error;
  return new GatewayError(error.kind, error.message, { ...error.detail, retryAfterMs });
}
