import { asNumber, asObject, asString, type JsonObject } from '../../base/json.ts';
import type { Effort, Sampling } from '../canonical/request.ts';
import type { BodyView, RefitTarget, Refitted } from '../dialect.ts';
import { type Edit, NO_EDITS, REMOVE, set } from '../edit-body.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { type ClaudeModel, readClaudeModel } from '../models/claude.ts';
import { effortLoss, nearestEffort, readEffort } from '../models/effort.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeReasoning } from './decode-settings.ts';
import { encodeSampling } from './encode-sampling.ts';
import { type EncodedReasoning, encodeReasoning } from './reasoning.ts';
import { refitMessages } from './refit-messages.ts';

/** A body being fitted to another model than it was written for. */
interface Refit {
  readonly body: BodyView;
  readonly model: ClaudeModel;
  readonly edits: Map<string, Edit>;
  readonly losses: Loss[];
}

/** What a body says of thinking. */
interface Wish {
  readonly type: string | undefined;
  readonly budget: number | undefined;
  readonly effort: Effort | undefined;
  readonly config: JsonObject | undefined;
}

/**
 * Fits a body to a model of another generation: thinking, efforts, sampling, forced calls, turns of role `system` and begun
 * answers. https://docs.claude.com/en/docs/about-claude/models/migrating-to-claude-4
 */
export function refit(body: BodyView, { model, traits, renamed }: RefitTarget): Refitted {
  if (!renamed) return { edits: NO_EDITS, losses: [] };
  const refit: Refit = {
    body,
    model: readClaudeModel(model, traits.quirks, traits.facts),
    edits: new Map(),
    losses: [],
  };
  const maxTokens = refitLimit(refit);
  const wish = readWish(body);
  const thinks = takesWish(wish, refit.model, maxTokens)
    ? keepThinking(refit, wish)
    : rewriteThinking(refit, wish, maxTokens);
  refitChoice(refit, wish, thinks.isOn);
  refitSampling(refit, thinks.isAsked);
  refitMessages(refit);
  return refit;
}

function refitLimit({ body, model, edits, losses }: Refit): number {
  const wanted = asNumber(body.field('max_tokens'));
  if (wanted === undefined) return model.defaultMaxTokens;
  const taken = clampTokens(wanted, model.maxTokens, losses);
  if (taken !== wanted) edits.set('max_tokens', set(taken));
  return taken;
}

function readWish(body: BodyView): Wish {
  const thinking = asObject(body.field('thinking'));
  const config = asObject(body.field('output_config'));
  return {
    type: asString(thinking?.type),
    budget: asNumber(thinking?.budget_tokens),
    effort: readEffort(config?.effort),
    config,
  };
}

/** Whether the model takes this form of thinking; one that nobody knows is left to it. */
function takesWish({ type, budget }: Wish, { thinking, thinkingOff }: ClaudeModel, maxTokens: number): boolean {
  switch (type) {
    case 'enabled':
      return (thinking === 'budget' || thinking === 'either') && (budget === undefined || budget < maxTokens);
    case 'adaptive':
      return thinking === 'adaptive' || thinking === 'either';
    case 'disabled':
      return thinkingOff === 'disabled' || thinkingOff === 'unneeded';
    case 'between_tools':
      return thinkingOff === 'between_tools';
    default:
      return true;
  }
}

/** Whether the model will think, and whether it was asked to. */
interface Thinks {
  readonly isOn: boolean;
  readonly isAsked: boolean;
}

function keepThinking(refit: Refit, wish: Wish): Thinks {
  const { model } = refit;
  const { type, effort } = wish;
  const taken =
    type === 'disabled' ? model.efforts.filter((word) => !model.effortsThinking.includes(word)) : model.efforts;
  if (effort !== undefined && !taken.includes(effort)) {
    const nearest = taken.length === 0 ? undefined : nearestEffort(effort, taken);
    setEffort(refit, wish, nearest);
    refit.losses.push(
      nearest === undefined ? dropped('effort', 'The model takes no effort.') : effortLoss(effort, taken),
    );
  }
  const isAsked = type === 'enabled' || type === 'adaptive';
  return { isOn: isAsked || type === 'between_tools' || (type === undefined && model.thinksByDefault), isAsked };
}

function rewriteThinking(refit: Refit, wish: Wish, maxTokens: number): Thinks {
  const { model, edits, losses } = refit;
  const encoded = encodeWish(refit, wish, maxTokens);
  edits.set('thinking', encoded.thinking === undefined ? REMOVE : set({ ...encoded.thinking }));
  if (encoded.effort !== undefined) setEffort(refit, wish, encoded.effort);
  else if (wish.effort !== undefined && !model.efforts.includes(wish.effort)) setEffort(refit, wish, undefined);
  losses.push(...encoded.losses);
  if (encoded.losses.length === 0) losses.push(approximated('thinking', 'The model takes another form of thinking.'));
  const type = encoded.thinking?.type;
  return { isOn: encoded.isOn, isAsked: type === 'enabled' || type === 'adaptive' };
}

/** The wish in the form that the model takes. Thinking by the model's own judgement, without an effort, is a high one. */
function encodeWish({ body, model }: Refit, wish: Wish, maxTokens: number): EncodedReasoning {
  const thinking = body.field('thinking') as JsonObject;
  const decoded = decodeReasoning({ thinking }, wish.config ?? {});
  const reasoning = wish.type === 'adaptive' ? { ...decoded, effort: wish.effort ?? ('high' as const) } : decoded;
  const needsHistory = model.thinking !== 'adaptive' && model.needsLeadingThought && wish.type !== 'disabled';
  const messages = needsHistory ? decodeRequest(body.json(), { model: '', stream: false }).messages : [];
  const request = { model: '', stream: false, system: [], messages, tools: [], sampling: {}, answer: {}, extras: {} };
  return encodeReasoning({ ...request, ...(reasoning === undefined ? {} : { reasoning }) }, model, maxTokens, false);
}

function setEffort({ edits }: Refit, { config }: Wish, effort: string | undefined): void {
  if (effort !== undefined) {
    const edit = set(effort);
    edits.set('output_config', config === undefined ? set({ effort }) : within('effort', edit));
    return;
  }
  if (config === undefined) return;
  edits.set('output_config', Object.keys(config).length === 1 ? REMOVE : within('effort', REMOVE));
}

function within(key: string, edit: Edit): Edit {
  return { type: 'members', edits: new Map([[key, edit]]) };
}

/** A model that thinks cannot be forced to call; one that would think unasked is told not to, where that is possible. */
function refitChoice({ body, model, edits, losses }: Refit, { type }: Wish, thinks: boolean): void {
  const choice = asObject(body.field('tool_choice'));
  if ((choice?.type !== 'any' && choice?.type !== 'tool') || (model.forcedChoice && !thinks)) return;
  if (type === undefined && model.forcedChoice && model.thinkingOff === 'disabled') {
    edits.set('thinking', set({ type: 'disabled' }));
    return;
  }
  const free = new Map<string, Edit>([
    ['type', set('auto')],
    ['name', REMOVE],
  ]);
  edits.set('tool_choice', { type: 'members', edits: free });
  losses.push(approximated('tool_choice', 'The model cannot be forced to call a tool; it may choose.'));
}

const SAMPLING = { temperature: 'temperature', top_p: 'topP', top_k: 'topK' } as const;

function refitSampling({ body, model, edits, losses }: Refit, isAsked: boolean): void {
  const sampling: { -readonly [K in keyof Sampling]: Sampling[K] } = {};
  for (const [field, key] of Object.entries(SAMPLING)) {
    const value = asNumber(body.field(field));
    if (value !== undefined) sampling[key] = value;
  }
  if (Object.keys(sampling).length === 0) return;
  const encoded = encodeSampling(sampling, model, isAsked);
  losses.push(...encoded.losses);
  for (const [field, key] of Object.entries(SAMPLING)) {
    const value = encoded.fields[field];
    if (sampling[key] !== undefined && value !== sampling[key])
      edits.set(field, value === undefined ? REMOVE : set(value));
  }
}
