import { asNumber, asObject, asString, type JsonObject } from '../../base/json.ts';
import { emptyRequest } from '../canonical/request.ts';
import type { BodyView, RefitTarget, Refitted } from '../dialect.ts';
import { type Edit, NO_EDITS, REMOVE, set } from '../edit-body.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { type GeminiModel, readGeminiModel } from '../models/gemini.ts';
import { readThinking, writeThinking } from './thinking.ts';

/** An object of a body under the key the client wrote: in camel case or, as the older Python library does, in snake case. */
interface Place {
  readonly key: string;
  readonly object: JsonObject;
}

/**
 * Fits a body to another model: a budget of thought becomes a level and a level a budget, since no model takes both; and what its
 * generation refuses goes. https://ai.google.dev/gemini-api/docs/thinking
 */
export function refit(body: BodyView, { model, traits, renamed }: RefitTarget): Refitted {
  const config = renamed ? findPlace((key) => body.field(key), 'generationConfig', 'generation_config') : undefined;
  if (config === undefined) return { edits: NO_EDITS, losses: [] };
  const edits = new Map<string, Edit>();
  const losses: Loss[] = [];
  const inside = new Map<string, Edit>();
  const known = readGeminiModel(model, traits.facts);
  refitThinking(config.object, known, inside, losses);
  refitLimit(config.object, known, inside, losses);
  if (!known.penalties) dropPenalties(config.object, inside, losses);
  if (inside.size > 0) edits.set(config.key, { type: 'members', edits: inside });
  return { edits, losses };
}

function findPlace(read: (key: string) => unknown, ...keys: readonly string[]): Place | undefined {
  for (const key of keys) {
    const object = asObject(read(key));
    if (object !== undefined) return { key, object };
  }
  return undefined;
}

function refitThinking(config: JsonObject, model: GeminiModel, inside: Map<string, Edit>, losses: Loss[]): void {
  const place = findPlace((key) => config[key], 'thinkingConfig', 'thinking_config');
  if (place === undefined) return;
  const { object } = place;
  const wish = {
    includeThoughts: object.includeThoughts ?? object.include_thoughts,
    thinkingBudget: object.thinkingBudget ?? object.thinking_budget,
    thinkingLevel: object.thinkingLevel ?? object.thinking_level,
  };
  if (takesWish(asNumber(wish.thinkingBudget), asString(wish.thinkingLevel), model)) return;
  const { reasoning = {} } = readThinking({ ...wish, includeThoughts: undefined });
  const fitting = writeThinking({ ...emptyRequest('', false), reasoning }, model, losses);
  if (fitting === undefined) {
    inside.set(place.key, REMOVE);
  } else {
    const { includeThoughts: _ours, ...amount } = fitting;
    // a model that is told not to think refuses to be asked for its thoughts
    const show = amount.thinkingBudget === 0 ? undefined : wish.includeThoughts;
    inside.set(place.key, set({ ...amount, ...(show === undefined ? {} : { includeThoughts: show }) }));
  }
  if (losses.length === 0) losses.push(approximated('thinking', 'The model takes another form of thinking.'));
}

function takesWish(budget: number | undefined, level: string | undefined, { thinking }: GeminiModel): boolean {
  switch (thinking.by) {
    case 'nothing':
      return false;
    case 'level':
      return (
        budget === undefined && (level === undefined || thinking.levels.some((one) => one === level.toUpperCase()))
      );
    case 'budget':
      if (level !== undefined) return false;
      if (budget === undefined || budget < 0) return true;
      return budget === 0 ? thinking.canStop : budget >= thinking.min && budget <= thinking.max;
    default:
      return thinking satisfies never;
  }
}

function refitLimit(config: JsonObject, { maxOutput }: GeminiModel, inside: Map<string, Edit>, losses: Loss[]): void {
  for (const key of ['maxOutputTokens', 'max_output_tokens']) {
    const wanted = asNumber(config[key]);
    if (wanted === undefined) continue;
    const taken = clampTokens(wanted, maxOutput, losses);
    if (taken !== wanted) inside.set(key, set(taken));
  }
}

const PENALTIES = {
  presencePenalty: ['presencePenalty', 'presence_penalty'],
  frequencyPenalty: ['frequencyPenalty', 'frequency_penalty'],
} as const;

function dropPenalties(config: JsonObject, inside: Map<string, Edit>, losses: Loss[]): void {
  for (const [name, keys] of Object.entries(PENALTIES)) {
    for (const key of keys) {
      if (config[key] === undefined) continue;
      inside.set(key, REMOVE);
      if (config[key] !== 0) losses.push(dropped(name, 'Models of this generation refuse penalties.'));
    }
  }
}
