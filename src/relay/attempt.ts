import { type JsonObject, parseJsonObject } from '../base/json.ts';
import type { Lease } from '../pool/account-state.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import type { Refitted } from '../translate/dialect.ts';
import { withoutRefused } from '../translate/drop-refused.ts';
import { type Edits, editBytes, editObject, prependMember, set } from '../translate/edit-body.ts';
import { THOUGHTS_REFUSED } from '../translate/foreign-seals.ts';
import { inlineInBody, inlineLinks, type LinkedMedia } from '../translate/links.ts';
import type { Loss } from '../translate/loss.ts';
import { encodeRequestFor, uniqueLosses } from '../translate/prepare-request.ts';
import { openScan, replaceSpan } from '../translate/scan-body.ts';
import { withoutBareThoughts } from '../translate/stored-response.ts';
import type { AnswerRoute } from '../translate/translate-answer.ts';
import { refuseLosses } from '../translate/translate-text.ts';
import { writeBody } from '../translate/write-body.ts';
import { authorizeHeaders, forwardHeaders } from '../upstream/headers.ts';
import type { Send } from '../upstream/provider.ts';
import { type PassedThoughts, passThoughts, recallFor } from './attempt-seals.ts';
import { type ClientCall, isRenamed } from './call.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { usageWish } from './hide-usage.ts';
import { takesLinks } from './inline-media.ts';
import type { Journey } from './journey.ts';
import { mustStream } from './long-answer.ts';
import { leaveBetasOut, lossesOfBetas } from './refused-betas.ts';
import type { Way } from './way.ts';

/** What an attempt does: its lease, and the way to the leased account. */
export interface AttemptPlan extends Way {
  readonly lease: Lease;
  /** Fields that the upstream has refused by name. Absent: none. */
  readonly refused?: readonly string[];
}

/** A body for an upstream, as bytes or text, and what it could not carry. */
export interface UpstreamBody {
  readonly body: Uint8Array | string;
  readonly losses: readonly Loss[];
  /** True: the upstream is asked for a stream, whatever the client wants. */
  readonly streams?: boolean;
  /** True: the upstream is asked for usage that the client of a stream did not ask for. */
  readonly hidesUsage?: boolean;
  /** The request that was encoded: the client's, with the earlier thoughts that the target takes. */
  readonly told?: CanonicalRequest;
  /** The body itself, where it was translated. */
  readonly json?: JsonObject;
}

/**
 * Makes the upstream's body: the client's bytes within one dialect, a translation between two; with what links led to in their
 * place, where they were followed. Throws `translation-refused`.
 */
export function makeBody(journey: Journey, plan: AttemptPlan, linked?: LinkedMedia): UpstreamBody {
  const encoded = plan.passes ? passBody(journey, plan, linked) : translateBody(journey, plan, linked);
  const lost = plan.refused === undefined ? [] : lossesOfBetas(journey.call, plan);
  if (journey.dropsThoughts) lost.push(THOUGHTS_REFUSED);
  const made = lost.length === 0 ? encoded : { ...encoded, losses: [...encoded.losses, ...lost] };
  // some servers of a dialect take less than all of it, so that even what passes may lose something
  if (journey.call.strict) refuseLosses(made.losses);
  return made;
}

function passBody(journey: Journey, plan: AttemptPlan, linked?: LinkedMedia): UpstreamBody {
  const { call } = journey;
  const { upstream, lease } = plan;
  const model = lease.target.model;
  const renamed = isRenamed(call, model);
  const fitting = upstream.upstream?.refit(call.body, { model, traits: plan.traits, renamed });
  const thoughts = passThoughts(journey, plan);
  const { edits, losses } = joinChanges(fitting, thoughts);
  const { own } = thoughts;
  const usage = usageWish(call, plan);
  const hidesUsage = usage === undefined ? {} : { hidesUsage: true };
  if (
    plan.adjusts ||
    call.writtenOut !== undefined ||
    own !== undefined ||
    linked !== undefined ||
    hasRefused(call, plan)
  ) {
    const made = adjustBody(call, plan, { own, edits, usage, linked });
    return { ...made, losses: [...losses, ...made.losses], ...hidesUsage };
  }
  const bytes = editBytes(call.body.bytes, edits);
  const place = bytes === call.body.bytes ? call.body : openScan(bytes);
  const span = model === call.model ? undefined : place.span('model');
  const named = span === undefined ? bytes : replaceSpan(bytes, span, JSON.stringify(model));
  return { body: usage === undefined ? named : askUsage(named, call, usage), losses, ...hidesUsage };
}

/** What a model takes comes before what a history allows. */
function joinChanges(fitting: Refitted | undefined, thoughts: PassedThoughts): Refitted {
  if (fitting === undefined || thoughts.edits.size === 0) return fitting ?? thoughts;
  const losses = uniqueLosses([...fitting.losses, ...thoughts.losses]);
  return { edits: new Map([...thoughts.edits, ...fitting.edits]), losses };
}

/** Whether what the upstream has refused by name may be in the client's own body. */
function hasRefused({ body }: ClientCall, { refused }: AttemptPlan): boolean {
  return refused?.some((field) => field !== 'stream_options' || body.field(field) !== undefined) ?? false;
}

function askUsage(bytes: Uint8Array, call: ClientCall, usage: JsonObject): Uint8Array {
  const isNew = call.body.start('stream_options') === undefined;
  if (isNew) return prependMember(bytes, 'stream_options', usage);
  return editBytes(bytes, new Map([['stream_options', set(usage)]]));
}

interface Changes {
  /** The body with the thoughts that the upstream takes, where they are others than the client's. */
  readonly own: JsonObject | undefined;
  readonly edits: Edits;
  readonly usage: JsonObject | undefined;
  readonly linked: LinkedMedia | undefined;
}

/** A passing body that has to be parsed, since more than some of its members changes. */
function adjustBody(call: ClientCall, plan: AttemptPlan, { own, edits, usage, linked }: Changes): UpstreamBody {
  const { provider, upstream, lease, refused } = plan;
  const model = lease.target.model;
  const body = own ?? call.body.json();
  const opened = call.writtenOut === undefined ? body : withoutBareThoughts(body);
  const named = opened.model === undefined ? opened : { ...opened, model };
  const fitted = edits.size === 0 ? named : editObject(named, edits);
  const shown = linked === undefined ? fitted : inlineInBody(fitted, linked);
  const asked = usage === undefined ? shown : { ...shown, stream_options: usage };
  const adjusted = provider.adjust?.(asked, upstream.id, model, plan.baseUrl) ?? { body: asked, losses: [] };
  if (refused === undefined) return { body: JSON.stringify(adjusted.body), losses: adjusted.losses };
  const kept = withoutRefused(adjusted.body, refused);
  return { body: JSON.stringify(kept.body), losses: [...adjusted.losses, ...kept.losses] };
}

function translateBody(journey: Journey, plan: AttemptPlan, linked?: LinkedMedia): UpstreamBody {
  const { provider, upstream, lease } = plan;
  const traits = journey.ports.marksCache?.() === true ? { ...plan.traits, autoCache: true } : plan.traits;
  const model = lease.target.model;
  const told = recallFor(journey, plan, journey.canonical());
  const shown = linked === undefined ? told : inlineLinks(told, linked, takesLinks(plan));
  const wanted = { ...shown, model, stream: journey.call.stream };
  const whole = encodeRequestFor(upstream, wanted, traits);
  const streams =
    provider.answerLocally === undefined && mustStream(wanted, whole.body, [journey.call.dialect, upstream.id]);
  const encoded = streams ? encodeRequestFor(upstream, { ...wanted, stream: true }, traits) : whole;
  const adjusted = provider.adjust?.(encoded.body, upstream.id, model, plan.baseUrl);
  const losses = adjusted === undefined ? encoded.losses : [...encoded.losses, ...adjusted.losses];
  const json = adjusted?.body ?? encoded.body;
  return { body: writeBody(json), losses, told, json, streams };
}

/** Sends an attempt's request: to the provider's URL, or to the provider itself when it answers without a network. */
export function sendAttempt(
  call: ClientCall,
  plan: AttemptPlan,
  { body, streams }: UpstreamBody,
  ports: { readonly send: Send; readonly abort: AbortController; readonly withinMs?: number },
): Promise<Response> {
  const { provider, upstream, lease } = plan;
  const { account, target } = lease;
  if (provider.answerLocally !== undefined) {
    const parsed = parseOwn(body);
    const { exchangeId, stream } = call;
    return provider.answerLocally(
      { dialect: upstream.id, model: target.model, stream, body: parsed, exchangeId },
      ports.abort.signal,
    );
  }
  const route = {
    clientDialect: call.dialect,
    upstreamDialect: upstream.id,
    provider: provider.id,
    stream: call.stream || streams === true,
    takesBetas: plan.takesBetas,
  };
  const forwarded = forwardHeaders(call.headers, route);
  if (plan.refused !== undefined) leaveBetasOut(forwarded, plan.refused);
  const headers = authorizeHeaders(forwarded, plan.authorization);
  const proxy = account.proxyUrl === undefined ? {} : { proxyUrl: account.proxyUrl };
  const url = urlBelow(route.stream ? plan.streamUrl : plan.wholeUrl, call.resource);
  const within = ports.withinMs === undefined ? {} : { withinMs: ports.withinMs };
  return ports.send(
    { method: 'POST', url, headers, body, abort: ports.abort, ...within, ...proxy },
    ports.abort.signal,
  );
}

/** The URL of something below an endpoint, whose own URL may end in a query. */
export function urlBelow(url: string, path: string | undefined): string {
  if (path === undefined) return url;
  const below = new URL(url);
  below.pathname = `${below.pathname.replace(/\/$/, '')}/${path}`;
  return below.href;
}

/** The two sides of the answer of an attempt. */
export function answerRoute(call: ClientCall, plan: AttemptPlan, request: CanonicalRequest): AnswerRoute {
  return {
    upstream: plan.upstream,
    client: plan.client,
    traits: plan.traits,
    targetModel: plan.lease.target.model,
    context: {
      request,
      exchangeId: call.exchangeId,
      createdAt: call.startedAt,
      client: call.client,
      ...(plan.passes ? {} : { estimateInput: () => estimateTokens(request) }),
    },
  };
}

function parseOwn(body: Uint8Array | string): JsonObject {
  return parseJsonObject(typeof body === 'string' ? body : new TextDecoder().decode(body));
}
