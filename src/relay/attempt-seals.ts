import { asObject, asObjects, type JsonObject } from '../base/json.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import { type Edits, NO_EDITS } from '../translate/edit-body.ts';
import { endThinking, forbidsThinking, NO_LEADING_THOUGHT } from '../translate/end-thinking.ts';
import { dropThoughtsIn, mayHoldEnvelope, openEnvelopesIn } from '../translate/foreign-seals.ts';
import type { Loss } from '../translate/loss.ts';
import { readClaudeModel } from '../translate/models/claude.ts';
import { type PassingLack, returnThoughtsIn } from '../translate/passing-thoughts.ts';
import { hashTurns, recallThoughts } from '../translate/recall-thoughts.ts';
import { isPrefixBound } from '../translate/seal-origin.ts';
import { excuseUnsealed, lastModelTurn } from '../translate/splice-thoughts.ts';
import type { SealWatch } from '../translate/watch-step.ts';
import type { AttemptPlan } from './attempt.ts';
import type { ClientCall } from './call.ts';
import type { Journey } from './journey.ts';
import { forgetsThoughts, keepStep, openSteps } from './seal-memory.ts';
import { foreignSeals } from './seal-owners.ts';

/** The request with the earlier thoughts that the account's model takes, the kept ones among them. */
export function recallFor(journey: Journey, plan: AttemptPlan, request: CanonicalRequest): CanonicalRequest {
  if (journey.dropsThoughts) return request;
  const { origin } = plan;
  const steps = openSteps(journey.ports.seals, origin, journey.session?.sessionKey);
  const isForeign = foreignSeals(journey, plan);
  return recallThoughts(request, {
    target: origin,
    wantsText: wantsText(plan),
    ...(steps === undefined ? {} : { steps }),
    ...(isForeign === undefined ? {} : { isForeign }),
  });
}

/** What becomes of earlier thoughts in a body that passes. */
export interface PassedThoughts {
  /** The body with those that the account's model takes, where more than some of its members changes. */
  readonly own?: JsonObject;
  /** What else has to change, because the history is another vendor's. */
  readonly edits: Edits;
  readonly losses: readonly Loss[];
}

const UNCHANGED: PassedThoughts = { edits: NO_EDITS, losses: [] };

/** A body that passes with the earlier thoughts that the account's model takes. */
export function passThoughts(journey: Journey, plan: AttemptPlan): PassedThoughts {
  const { body } = journey.call;
  if (journey.dropsThoughts) return { ...UNCHANGED, own: dropThoughtsIn(body.json(), plan.upstream.id) };
  const isForeign = foreignSeals(journey, plan);
  const opens = isForeign !== undefined || mayHoldEnvelope(body.bytes);
  const opened = opens ? openEnvelopesIn(body.json(), plan.origin, isForeign) : undefined;
  const lack = lackOf(journey, plan);
  if (lack === undefined || !holds(body.bytes, CALL_MARKS[lack])) return fitHistory(journey, plan, opened);
  const steps = openSteps(journey.ports.seals, plan.origin, journey.session?.sessionKey);
  return { ...UNCHANGED, own: returnThoughtsIn(opened ?? body.json(), lack, steps) };
}

/** Does beforehand what the upstream would refuse the history for, if another vendor's model wrote it. */
function fitHistory({ call }: Journey, plan: AttemptPlan, opened: JsonObject | undefined): PassedThoughts {
  const passed = opened === undefined ? UNCHANGED : { ...UNCHANGED, own: opened };
  const { origin } = plan;
  if (origin.dialect === 'gemini' && PROVES_CALLS.test(origin.model) && holds(call.body.bytes, '"functionCall"')) {
    if (opened !== undefined) return { ...passed, own: returnThoughtsIn(opened, 'call-seals', undefined) };
    return { ...passed, edits: excuseUnsealed(call.body.bytes) };
  }
  if (!cannotThink(call, plan, opened)) return passed;
  const field = (key: string) => (opened === undefined ? call.body.field(key) : opened[key]);
  return { ...passed, edits: endThinking(field), losses: [NO_LEADING_THOUGHT] };
}

/** Models of Google's that demand a seal on calls, as far as their names tell. */
const PROVES_CALLS = /gemini-(?!1|2(?!\d))/;

/** Whether a history forbids Anthropic's thinking under a budget, which the client asks for. */
function cannotThink({ body }: ClientCall, { origin, traits }: AttemptPlan, opened: JsonObject | undefined): boolean {
  if (origin.dialect !== 'anthropic-messages') return false;
  if (!holds(body.bytes, '"budget_tokens"') || !holds(body.bytes, '"tool_use"')) return false;
  if (asObject(body.field('thinking'))?.type !== 'enabled') return false;
  if (!readClaudeModel(origin.model, traits.quirks, traits.facts).needsLeadingThought) return false;
  const turns = opened === undefined ? undefined : asObjects(opened.messages);
  return forbidsThinking(turns === undefined ? lastModelTurn(body.bytes) : turns.findLast(isModelTurn));
}

const CALL_MARKS: { readonly [L in PassingLack]: string } = {
  'call-seals': '"functionCall"',
  'reasoning-content': '"tool_calls"',
};

/** Gemini before its third generation proves no calls. */
const CALLS_UNPROVED = /gemini-(?:1|2)(?!\d)/;

/** What the client of a passing request does not send back although the upstream demands it. */
function lackOf({ call }: Journey, { origin, traits }: AttemptPlan): PassingLack | undefined {
  if (origin.dialect === 'openai-chat') {
    return traits.quirks.reasoningBack === 'reasoning_content' ? 'reasoning-content' : undefined;
  }
  if (origin.dialect !== 'gemini' || !dropsSignatures(call)) return undefined;
  return CALLS_UNPROVED.test(origin.model) ? undefined : 'call-seals';
}

/** Google's old libraries know nothing of signatures: in JavaScript they are lost in streams, in Python always. */
function dropsSignatures({ client, headers }: ClientCall): boolean {
  return client === 'generative-ai' || headers.get('x-goog-api-client')?.includes('genai-py/') === true;
}

function isModelTurn({ role }: JsonObject): boolean {
  return role === 'assistant';
}

function holds(bytes: Uint8Array, mark: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark);
}

/** What becomes of the seals in an answer. `told`: the request as it was encoded, unless it passed. */
export function watchFor(
  journey: Journey,
  plan: AttemptPlan,
  told: CanonicalRequest | undefined,
): SealWatch | undefined {
  const { call, ports, session } = journey;
  const { origin, provider } = plan;
  if (provider.answerLocally !== undefined) return undefined;
  if (plan.passes && lackOf(journey, plan) === undefined) return undefined;
  const watch = { origin, keepsText: wantsText(plan) };
  if (!forgetsThoughts(call.client) && !withholdsThoughts(journey, plan)) return watch;
  return {
    ...watch,
    keep: (step) => {
      const prefix = told !== undefined && isPrefixBound(origin) ? { prefix: hashTurns(told.messages) } : {};
      const at = { origin, sessionKey: session?.sessionKey, namesDeeds: plan.passes };
      keepStep(ports.seals, { ...step, ...prefix }, at);
    },
  };
}

/** Whether thoughts without a proof are left out of the answer, since the client does not want to see any. */
function withholdsThoughts({ canonical }: Journey, plan: AttemptPlan): boolean {
  return wantsText(plan) && !plan.passes && canonical().reasoning?.display === 'omitted';
}

/** Whether the upstream wants thoughts back as text. */
function wantsText({ traits }: AttemptPlan): boolean {
  return traits.quirks.reasoningBack !== undefined;
}
