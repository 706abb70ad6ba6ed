import { asArray, asObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { Extras } from '../canonical/request.ts';
import { dropped, type Loss } from '../loss.ts';
import { isAnswerMedia } from './answer-media.ts';

/** Root fields that are decoded, or that mean nothing to another vendor: safety settings and storing are the service's own. */
const KNOWN_ROOT = new Set([
  'model',
  'contents',
  'systemInstruction',
  'generationConfig',
  'tools',
  'toolConfig',
  'safetySettings',
  'serviceTier',
  'labels',
  'store',
  'generateContentRequest',
]);

const KNOWN_CONFIG = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'seed',
  'candidateCount',
  'stopSequences',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  '_responseJsonSchema',
  'thinkingConfig',
]);

const KNOWN_TOOL_CONFIG = new Set(['functionCallingConfig', 'includeServerSideToolInvocations']);

/** The parts of a request that may hold fields without canonical form. */
export interface ExtraSources {
  readonly request: JsonObject;
  readonly config: JsonObject;
  readonly toolConfig: JsonObject;
  /** Parts of the system instruction that are no text. */
  readonly system: readonly Json[];
}

/** The fields without canonical form, each under its path: a path is what a loss is reported as. */
export function collectExtras({ request, config, toolConfig, system }: ExtraSources): Extras {
  const extras: JsonDraft = {};
  const collect = (source: JsonObject, known: ReadonlySet<string>, prefix: string) => {
    for (const [key, value] of Object.entries(source)) {
      if (known.has(key) || value === undefined || value === null) continue;
      if (prefix === 'generationConfig.' && isAnswerMedia(key, config)) continue;
      extras[prefix + key] = value;
    }
  };
  collect(request, KNOWN_ROOT, '');
  collect(config, KNOWN_CONFIG, 'generationConfig.');
  collect(toolConfig, KNOWN_TOOL_CONFIG, 'toolConfig.');
  if (system.length > 0) extras['systemInstruction.parts'] = system;
  return Object.keys(extras).length === 0 ? {} : { gemini: extras };
}

/** Puts the fields of `collectExtras` back where they were. */
export function restoreExtras(extras: JsonObject | undefined, body: JsonDraft): void {
  for (const [path, value] of Object.entries(extras ?? {})) {
    const [parent, field] = path.split('.') as [string, string | undefined];
    const holder = asObject(body[parent]) ?? {};
    if (field === undefined) body[parent] ??= value;
    else if (parent === 'systemInstruction') body[parent] = { parts: [...asArray(holder.parts), ...asArray(value)] };
    else body[parent] = { [field]: value, ...holder };
  }
}

/** Takes the fields out that the upstream refuses. */
export function dropRefused(body: JsonDraft, refused: readonly string[] | undefined, losses: Loss[]): void {
  for (const field of refused ?? []) {
    const config = body.generationConfig as JsonDraft | undefined;
    const holder = body[field] !== undefined ? body : config?.[field] !== undefined ? config : undefined;
    if (holder === undefined) continue;
    delete holder[field];
    losses.push(dropped(field, 'The upstream refuses this field.'));
  }
}
