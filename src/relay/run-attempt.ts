import { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import { maskError } from '../base/mask-text.ts';
import { emptyRequest } from '../translate/canonical/request.ts';
import { isPrewarm } from '../translate/prewarm.ts';
import { passingHalf } from '../translate/registry.ts';
import type { AnswerRoute } from '../translate/translate-answer.ts';
import { answerHeaders as upstreamAnswerHeaders } from '../upstream/headers.ts';
import { readQuota } from '../upstream/quota-headers.ts';
import { type Answer, sourceOfOne } from './answer.ts';
import { answerHeaders } from './answer-headers.ts';
import { type AttemptPlan, answerRoute, makeBody, sendAttempt, type UpstreamBody } from './attempt.ts';
import { watchFor } from './attempt-seals.ts';
import { type Continuer, createContinuer, readOn } from './continue-answer.ts';
import { countBroken } from './count-broken.ts';
import type { AttemptDraft } from './exchange-draft.ts';
import { conversationOf, type KeepResponse, keeperOf, seeResponse } from './follow-references.ts';
import { guardBody } from './guard-body.ts';
import { heartbeatText } from './heartbeat.ts';
import { followLinks, linksToFollow } from './inline-media.ts';
import { costOf, type Journey, settleFailure } from './journey.ts';
import { keepRefusals, readRefusal } from './learn-refusals.ts';
import { passStage } from './pass-stage.ts';
import { answerPrewarm } from './prewarm.ts';
import { findSealsIn, noteServed } from './seal-owners.ts';
import { spyOnStream, spyOnWhole } from './seal-spies.ts';
import { openStream, streamError } from './stream-answer.ts';
import { type StreamStage, translateStage } from './stream-stage.ts';
import { isEventStream, passWholeAnswer, readWholeAnswer, replayWholeAnswer, type WholeBody } from './whole-answer.ts';

const MAX_ERROR_BYTES = 256 * 1024;

/** One attempt under way. */
interface Step {
  readonly journey: Journey;
  readonly plan: AttemptPlan;
  readonly attempt: AttemptDraft;
  readonly abort: AbortController;
  readonly route: AnswerRoute;
  /** Keeps the answer for later requests, where it is to be kept. */
  readonly keep: KeepResponse | undefined;
  /** Set when the upstream may pause its answer, and a client of another dialect would not know how to go on. */
  readonly continuer: Continuer | undefined;
  /** True: the client did not ask for the usage that the upstream tells. */
  readonly hidesUsage: boolean;
}

/**
 * Makes one try at one account: sends the request and answers as soon as the answer is certain to have begun. Throws while
 * another account may still be tried. The lease is settled as served here; a failure is settled by the caller.
 */
export async function runAttempt(journey: Journey, plan: AttemptPlan, attempt: AttemptDraft): Promise<Answer> {
  const { call, ports, canonical } = journey;
  const abort = new AbortController();
  const leave = () => abort.abort(new GatewayError('canceled', 'The client closed the connection.'));
  if (call.signal.aborted) leave();
  journey.exchange.whenStopped((reason) => abort.abort(reason));
  call.signal.addEventListener('abort', leave, { once: true });
  try {
    if (!plan.passes && isPrewarm(call.dialect, canonical())) return answerPrewarm(journey, plan, attempt);
    const links = linksToFollow(journey, plan);
    const linked = links === undefined ? undefined : await followLinks(journey, links, abort.signal);
    const made = makeBody(journey, plan, linked);
    const response = await sendAttempt(call, plan, made, { send: ports.send, abort, withinMs: timeLeft(journey) });
    attempt.answered(response.status);
    if (response.status >= 300) throw await readFailure(journey, plan, { response, sent: made.body });
    keepRefusals(journey, plan);
    journey.exchange.lose(made.losses);
    const request = plan.passes ? emptyRequest(call.model, call.stream) : canonical();
    const continuer = continuerOf(journey, plan, made, abort);
    const pauses = continuer === undefined ? {} : { onPause: continuer.onPause };
    const route = { ...answerRoute(call, plan, request), ...watched(journey, plan, made), ...pauses };
    const hidesUsage = made.hidesUsage === true;
    const step = { journey, plan, attempt, abort, route, continuer, hidesUsage, keep: chooseKeep(journey, plan) };
    return await readAnswer(step, response);
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw refineTold(journey, plan, thrown);
    if (abort.signal.aborted) throw streamError(thrown, abort.signal);
    throw thrown;
  } finally {
    if (!call.stream) call.signal.removeEventListener('abort', leave);
  }
}

/** What is left of the time for all attempts together, in milliseconds. */
function timeLeft({ ports, call }: Journey): number {
  return Math.max(1, ports.limits().budgetMs - (ports.clock.now() - call.startedAt));
}

function continuerOf(
  journey: Journey,
  plan: AttemptPlan,
  { json, streams }: UpstreamBody,
  abort: AbortController,
): Continuer | undefined {
  const continuation = plan.upstream.upstream?.continuation;
  if (json === undefined || continuation?.mayPause(json) !== true) return undefined;
  // of several answers each would pause by itself
  if ((journey.canonical().sampling.n ?? 1) > 1) return undefined;
  return createContinuer(continuation, json, async (body) => {
    const next = { body, losses: [], ...(streams === undefined ? {} : { streams }) };
    const response = await sendAttempt(journey.call, plan, next, {
      send: journey.ports.send,
      abort,
      withinMs: timeLeft(journey),
    });
    if (response.status >= 300) throw await readFailure(journey, plan, { response, sent: body });
    return response;
  });
}

function watched(journey: Journey, plan: AttemptPlan, { told }: UpstreamBody): Pick<AnswerRoute, 'seals'> {
  const seals = watchFor(journey, plan, told);
  return seals === undefined ? {} : { seals };
}

/** An upstream keeps its own answers; those that it cannot, or that were translated, are kept here. */
function chooseKeep({ call, ports }: Journey, plan: AttemptPlan): KeepResponse | undefined {
  const isUpstreams = plan.passes && plan.provider.answerLocally === undefined;
  return isUpstreams ? undefined : keeperOf(call, ports.responses);
}

function readAnswer(step: Step, response: Response): Promise<Answer> {
  const { journey, plan, route, keep, continuer } = step;
  const { call } = journey;
  if (!call.stream) {
    const reading = plan.passes
      ? passWholeAnswer(response, route, keep ?? spyOnWhole(journey, plan, route))
      : readWholeAnswer(guarded(step, response), route, { keep, continuer });
    return answerWhole(step, response, reading);
  }
  if (!isEventStream(response)) {
    const see = keep === undefined ? undefined : seeResponse(keep);
    return answerWhole(step, response, replayWholeAnswer(response, route, { asArray: call.asArray, see, continuer }));
  }
  return answerStream(step, response);
}

function guarded({ journey, abort }: Step, response: Response): Response {
  if (!isEventStream(response)) return response;
  const { clock, watchdog, limits } = journey.ports;
  return guardBody(response, { clock, watchdog, abort, idleMs: limits().idleMs });
}

async function answerWhole(step: Step, response: Response, reading: Promise<WholeBody>): Promise<Answer> {
  const { journey, plan, attempt } = step;
  const { call, exchange } = journey;
  const whole = await reading.catch((thrown) => {
    throw thrown instanceof GatewayError ? thrown : streamError(thrown, step.abort.signal);
  });
  attempt.succeed();
  noteServed(journey, plan);
  plan.lease.settle({
    type: 'served',
    quota: readQuota(plan.upstream.id, response.headers, journey.ports.clock.now()),
    ...costOf(plan.lease, whole.usage),
  });
  exchange.contentSeen();
  exchange.use(whole.usage, whole.finish);
  noteOrigin(step, whole.storedAs);
  keepUnstored(step, whole.unstored);
  const headers = headersOf(step, response);
  // losses found only in the answer are for the record: the header names what the request lost
  exchange.lose(whole.losses);
  exchange.keepAnswer(typeof whole.body === 'string' ? whole.body : '');
  exchange.close({ status: 200 });
  if (!call.stream || call.asArray) {
    headers['content-type'] = 'application/json';
    return { type: 'whole', status: 200, headers, body: whole.body };
  }
  return { type: 'stream', headers, source: sourceOfOne(whole.body), heartbeat: '' };
}

async function answerStream(step: Step, response: Response): Promise<Answer> {
  const { journey, plan, abort } = step;
  const { ports, call, exchange } = journey;
  if (response.body === null)
    throw new GatewayError('upstream-malformed', 'The upstream answered with an empty stream.');
  const stage = chooseStage(step);
  const { continuer } = step;
  const limits = ports.limits();
  const source = await openStream({
    reader:
      continuer === undefined ? response.body.getReader() : readOn(response.body, continuer, () => stage.nextTurn?.()),
    stage,
    abort,
    clock: ports.clock,
    watchdog: ports.watchdog,
    firstContentMs: Math.min(limits.idleMs, timeLeft(journey)),
    idleMs: limits.idleMs,
    onEnd: (error) => endStream(step, response, stage, error),
  });
  exchange.contentSeen();
  noteOrigin(step, stage.facts.storedAs);
  plan.lease.answered?.();
  return {
    type: 'stream',
    headers: headersOf(step, response),
    source,
    heartbeat: call.asArray ? '' : heartbeatText(plan.client.client!),
  };
}

/** Later requests that refer to a passed answer, or go on with its conversation, go where these are stored. */
function noteOrigin({ journey, plan }: Step, id: string | undefined): void {
  if (id === undefined || plan.provider.answerLocally !== undefined) return;
  const { call, ports } = journey;
  const { account, target } = plan.lease;
  const origin = { account: account.id, model: target.model };
  ports.responses.noteOrigin(id, origin);
  const conversation = conversationOf(call);
  if (conversation !== undefined) ports.responses.noteOrigin(conversation, origin);
}

/** Some servers of the Responses API store nothing: what their clients want stored is kept here. */
function keepUnstored({ journey, keep }: Step, response: JsonObject | undefined): void {
  if (response !== undefined && keep === undefined) keeperOf(journey.call, journey.ports.responses)?.(response);
}

function chooseStage(step: Step): StreamStage {
  const { plan, journey, route, keep, hidesUsage } = step;
  const { call } = journey;
  const see = keep === undefined ? undefined : seeResponse(keep);
  if (!plan.passes) return translateStage(route, call.asArray, see);
  const spy = see === undefined ? spyOnStream(journey, plan, route) : { push: see, finish: () => {} };
  const { asArray, client } = call;
  const options = { asArray, client, hidesUsage, ...(spy === undefined ? {} : { spy }) };
  return passStage(plan.client.client!, passingHalf(plan.upstream).watchStream(), options);
}

function endStream(step: Step, response: Response, stage: StreamStage, error: GatewayError | undefined): void {
  const { journey, plan, attempt } = step;
  const { exchange, ports } = journey;
  const usage = error === undefined ? stage.facts.usage : countBroken(journey, step.route, stage.facts);
  exchange.use(usage, stage.facts.finish);
  exchange.lose(stage.facts.losses);
  if (error === undefined) {
    attempt.succeed();
    noteServed(journey, plan);
    keepUnstored(step, stage.facts.unstored);
    plan.lease.settle({
      type: 'served',
      quota: readQuota(plan.upstream.id, response.headers, ports.clock.now()),
      ...costOf(plan.lease, stage.facts.usage),
    });
    exchange.close({ status: 200 });
    return;
  }
  if (error.kind === 'internal') {
    ports.log.error('stream broke', { exchange: journey.call.exchangeId, cause: error.detail.cause });
  }
  attempt.fail(error, 'stop');
  settleFailure(plan.lease, error, usage);
  exchange.close({ status: error.kind === 'canceled' ? 499 : 200, error });
}

function headersOf(step: Step, response: Response): { [name: string]: string } {
  const { call, exchange } = step.journey;
  const rules = { clientDialect: call.dialect, passes: step.plan.passes };
  return answerHeaders(call.exchangeId, exchange, upstreamAnswerHeaders(response.headers, rules));
}

async function readFailure(
  journey: Journey,
  plan: AttemptPlan,
  { response, sent }: { readonly response: Response; readonly sent: Uint8Array | string },
): Promise<GatewayError> {
  const body = (await response.text().catch(() => '')).slice(0, MAX_ERROR_BYTES);
  const headers = Object.fromEntries(response.headers);
  const failure = { status: response.status, headers, body, now: journey.ports.clock.now() };
  const read = passingHalf(plan.upstream).decodeError(failure);
  const error = plan.provider.refineError?.(failure, read) ?? read;
  if (error.kind === 'seal-rejected') journey.refusedSeals.push(...findSealsIn(sent));
  return maskError(readRefusal(journey, plan, { error, sent }));
}

/** An error inside an answer that says it is fine: some providers' own codes tell more than the dialect does. */
function refineTold({ ports }: Journey, { provider }: AttemptPlan, error: GatewayError): GatewayError {
  const { upstream } = error.detail;
  if (upstream?.status !== 200 || provider.refineError === undefined) return error;
  const body = JSON.stringify(upstream.body);
  return provider.refineError({ status: 200, headers: {}, body, now: ports.clock.now() }, error);
}
