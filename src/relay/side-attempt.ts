import { GatewayError } from '../base/gateway-error.ts';
import { asNumber, asObject, isObject, type JsonObject, parseJsonObject, tryParseJson } from '../base/json.ts';
import { maskError } from '../base/mask-text.ts';
import type { Usage } from '../base/usage.ts';
import type { Lease } from '../pool/account-state.ts';
import type { Dialect } from '../translate/dialect.ts';
import { DIALECTS } from '../translate/registry.ts';
import { type ForeignSide, SIDE_RESOURCES, type SideResource } from '../translate/side/side-operation.ts';
import { refuseLosses } from '../translate/translate-text.ts';
import { forwardHeaders, answerHeaders as upstreamAnswerHeaders } from '../upstream/headers.ts';
import type { Provider } from '../upstream/provider.ts';
import { readQuota } from '../upstream/quota-headers.ts';
import { readFailure } from '../upstream/read-failure.ts';
import { sideUrlOf } from '../upstream/side-endpoint.ts';
import type { Answer } from './answer.ts';
import { answerHeaders } from './answer-headers.ts';
import type { AttemptDraft } from './exchange-draft.ts';
import { type Journey, settleFailure } from './journey.ts';
import { rawStage } from './raw-stage.ts';
import type { SideCall } from './side-call.ts';
import { openStream, streamError } from './stream-answer.ts';

/** The way to a leased account for something besides a conversation. */
export interface SidePlan {
  readonly lease: Lease;
  readonly provider: Provider;
  readonly upstream: Dialect;
  readonly resource: SideResource;
  /** Empty when the provider answers by itself. */
  readonly url: string;
  /** How the request is translated. Absent: it passes. */
  readonly foreign?: ForeignSide;
}

/** One attempt under way. */
interface Step {
  readonly journey: Journey;
  readonly plan: SidePlan;
  readonly side: SideCall;
  readonly attempt: AttemptDraft;
  readonly abort: AbortController;
}

/** Finds the way to a leased account: the operation as the client knows it first, then its translation. `undefined` when the account has neither. */
export function planSide({ ports }: Journey, side: SideCall, lease: Lease): SidePlan | undefined {
  const { account, target } = lease;
  const { operation } = side;
  const provider = ports.findProvider(account.provider);
  if (provider === undefined) return undefined;
  const own = sideUrlOf(provider, account, { resource: operation.id, model: target.model });
  const plan = (resource: SideResource, url: string) => ({
    lease,
    provider,
    resource,
    url,
    upstream: DIALECTS[SIDE_RESOURCES[resource]],
  });
  if (own !== undefined) return plan(operation.id, own);
  const { foreign } = operation;
  if (foreign === undefined) return undefined;
  const url = sideUrlOf(provider, account, { resource: foreign.resource, model: target.model });
  return url === undefined ? undefined : { ...plan(foreign.resource, url), foreign };
}

/** What a client hears when no account of its model has what it asks for. */
export function unservedSide(side: SideCall, lease: Lease): GatewayError {
  const words = `The account "${lease.account.name}", which serves ${lease.target.model}, has no ${side.operation.title}.`;
  return new GatewayError('route-unknown', words);
}

/**
 * Makes one try at one account, as `runAttempt` does for conversations: throws while another account may still be tried, and
 * settles the lease as served when the answer is certain.
 */
export async function runSideAttempt(
  journey: Journey,
  plan: SidePlan,
  side: SideCall,
  attempt: AttemptDraft,
): Promise<Answer> {
  const { signal } = journey.call;
  const abort = new AbortController();
  const leave = () => abort.abort(new GatewayError('canceled', 'The client closed the connection.'));
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  journey.exchange.whenStopped((reason) => abort.abort(reason));
  const step: Step = { journey, plan, side, attempt, abort };
  try {
    const answer = await (plan.foreign === undefined ? passSide(step) : translateSide(step, plan.foreign));
    if (answer.type === 'whole') signal.removeEventListener('abort', leave);
    return answer;
  } catch (thrown) {
    signal.removeEventListener('abort', leave);
    const ended = abort.signal.aborted;
    // what was asked for at the same time is of no use any more
    abort.abort();
    if (thrown instanceof GatewayError) throw thrown;
    throw ended ? streamError(thrown, abort.signal) : thrown;
  }
}

async function passSide(step: Step): Promise<Answer> {
  const { journey, plan, side, attempt } = step;
  const { call } = journey;
  const { model } = plan.lease.target;
  const body = model === call.model ? call.body.bytes : side.rename(model);
  const response = await sendSide(step, body);
  attempt.answered(response.status);
  if (response.status >= 300) throw await explainFailure(step, response);
  const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
  if (!/^application\/json\b/i.test(contentType)) return passStream(step, response, contentType);
  const bytes = await readWhole(step, response);
  const answer = tryParseJson(new TextDecoder().decode(bytes));
  const usage = isObject(answer) ? readUsage(answer) : undefined;
  return finishWhole(step, response, { body: bytes, contentType, ...(usage === undefined ? {} : { usage }) });
}

/** Sound and events go on as they come. */
async function passStream(step: Step, response: Response, contentType: string): Promise<Answer> {
  const { journey, plan, attempt, abort } = step;
  const { ports, exchange } = journey;
  if (response.body === null) throw new GatewayError('upstream-malformed', 'The upstream answered with nothing.');
  const { idleMs } = ports.limits();
  const stage = rawStage();
  const source = await openStream({
    reader: response.body.getReader(),
    stage,
    abort,
    clock: ports.clock,
    watchdog: ports.watchdog,
    firstContentMs: idleMs,
    idleMs,
    onEnd: (error) => {
      if (error === undefined) return settleServed(step, response);
      attempt.fail(error, 'stop');
      settleFailure(plan.lease, error);
      exchange.close({ status: error.kind === 'canceled' ? 499 : 200, error });
    },
  });
  exchange.contentSeen();
  plan.lease.answered?.();
  const headers = { ...headersOf(step, response), 'x-content-type-options': 'nosniff' };
  return { type: 'stream', headers, contentType, source: stage.breaking(source), heartbeat: '' };
}

async function translateSide(step: Step, foreign: ForeignSide): Promise<Answer> {
  const { journey, plan, side, attempt } = step;
  const { call, exchange } = journey;
  const translation = foreign.translate(side.input(), plan.lease.target.model);
  if (call.strict) refuseLosses(translation.losses);
  const answers = await Promise.all(
    translation.requests.map(async (request) => {
      const response = await sendSide(step, JSON.stringify(request));
      attempt.answered(response.status);
      if (response.status >= 300) throw await explainFailure(step, response);
      return { response, body: parseAnswer(await readWhole(step, response)) };
    }),
  );
  const bodies = answers.map(({ body }) => body);
  const answer = translation.decode(bodies, { model: call.model, createdAt: call.startedAt });
  exchange.lose(translation.losses);
  return finishWhole(step, answers[0]!.response, answer);
}

async function sendSide(step: Step, body: Uint8Array | string): Promise<Response> {
  const { journey, plan, side, abort } = step;
  const { call, ports } = journey;
  const { lease, provider, upstream, foreign, resource } = plan;
  if (provider.answerSideLocally !== undefined) {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    return provider.answerSideLocally({ resource, model: lease.target.model, body: parseJsonObject(text) });
  }
  const route = {
    clientDialect: side.operation.dialect,
    upstreamDialect: upstream.id,
    provider: provider.id,
    stream: false,
  };
  const headers = {
    ...forwardHeaders(call.headers, route),
    ...(foreign === undefined ? { accept: '*/*', 'content-type': side.contentType } : {}),
    ...provider.authorize(lease.account, upstream.id),
  };
  const { proxyUrl } = lease.account;
  const proxy = proxyUrl === undefined ? {} : { proxyUrl };
  // several requests of one attempt each have a time limit of their own
  return ports.send({ method: 'POST', url: plan.url, headers, body, ...proxy }, abort.signal);
}

async function explainFailure({ journey, plan }: Step, response: Response): Promise<GatewayError> {
  const failure = await readFailure(response, journey.ports.clock.now());
  const read = plan.upstream.upstream!.decodeError(failure);
  return maskError(plan.provider.refineError?.(failure, read) ?? read);
}

async function readWhole(step: Step, response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throw streamError(thrown, step.abort.signal);
  }
}

interface Whole {
  readonly body: Uint8Array | string;
  readonly contentType: string;
  readonly usage?: Usage;
}

function finishWhole(step: Step, response: Response, whole: Whole): Answer {
  const { exchange } = step.journey;
  exchange.contentSeen();
  exchange.use(whole.usage, undefined);
  exchange.keepAnswer(typeof whole.body === 'string' ? whole.body : '');
  const headers = { ...headersOf(step, response), 'content-type': whole.contentType };
  settleServed(step, response);
  return { type: 'whole', status: 200, headers, body: whole.body };
}

function settleServed({ journey, plan, attempt }: Step, response: Response): void {
  attempt.succeed();
  const quota = readQuota(plan.upstream.id, response.headers, journey.ports.clock.now());
  plan.lease.settle({ type: 'served', quota });
  journey.exchange.close({ status: 200 });
}

function headersOf({ journey, plan, side }: Step, response: Response): { [name: string]: string } {
  const rules = { clientDialect: side.operation.dialect, passes: plan.foreign === undefined };
  const { call, exchange } = journey;
  return { ...upstreamAnswerHeaders(response.headers, rules), ...answerHeaders(call.exchangeId, exchange) };
}

function parseAnswer(bytes: Uint8Array): JsonObject {
  const parsed = tryParseJson(new TextDecoder().decode(bytes));
  if (isObject(parsed)) return parsed;
  throw new GatewayError('upstream-malformed', 'The upstream answered with something that is not its protocol.');
}

/** The tokens that an answer in JSON tells, in the words of either dialect. */
function readUsage(answer: JsonObject): Usage | undefined {
  const told = asObject(answer.usage) ?? asObject(answer.usageMetadata);
  const input = asNumber(told?.prompt_tokens ?? told?.input_tokens ?? told?.promptTokenCount);
  const output = asNumber(told?.output_tokens ?? told?.candidatesTokenCount);
  if (input === undefined && output === undefined) return undefined;
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
}
