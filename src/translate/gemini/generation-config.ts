import { asArray, asObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, OutputFormat, Sampling } from '../canonical/request.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import type { GeminiModel } from '../models/gemini.ts';
import { forGeminiJson, forGeminiSubset } from '../schema/for-gemini.ts';
import { fromGeminiSchema } from '../schema/from-gemini.ts';
import type { TargetTraits } from '../target.ts';
import { writeAnswerMedia } from './answer-media.ts';
import { expectBoolean, expectNumber, expectString, expectStrings } from './expect-type.ts';

const MAX_STOPS = 5;

const NUMBERS = {
  maxTokens: 'maxOutputTokens',
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  seed: 'seed',
  n: 'candidateCount',
} as const;

/** What a `generationConfig` says of sampling and limits. Throws `invalid-request` for fields of a wrong type. */
export function readSampling(config: JsonObject): Sampling {
  const sampling: { -readonly [K in keyof Sampling]: Sampling[K] } = {};
  for (const [key, name] of Object.entries(NUMBERS) as [keyof typeof NUMBERS, string][]) {
    const value = expectNumber(config[name], `generationConfig.${name}`);
    if (value !== undefined) sampling[key] = value;
  }
  const stop = expectStrings(config.stopSequences, 'generationConfig.stopSequences');
  if (stop.length > 0) sampling.stop = stop;
  if (expectBoolean(config.responseLogprobs, 'generationConfig.responseLogprobs') === true) {
    const top = expectNumber(config.logprobs, 'generationConfig.logprobs');
    sampling.logprobs = top === undefined ? {} : { top };
  }
  return sampling;
}

/** What it says of the answer's form. Schemas become JSON Schema in lower case. */
export function readOutput(config: JsonObject): OutputFormat | undefined {
  const mime = expectString(config.responseMimeType, 'generationConfig.responseMimeType');
  const schema = config.responseJsonSchema ?? config._responseJsonSchema ?? config.responseSchema ?? undefined;
  if (mime === 'text/x.enum') {
    const values = asArray(asObject(schema)?.enum).filter((value) => typeof value === 'string');
    return values.length === 0 ? undefined : { kind: 'choice', values };
  }
  if (schema !== undefined) return { kind: 'schema', schema: fromGeminiSchema(schema) };
  return mime === 'application/json' ? { kind: 'json' } : undefined;
}

/** What is known of the target of a request. */
export interface Target {
  readonly model: GeminiModel;
  readonly server: TargetTraits;
  /** True: JSON Schema goes in its own fields. */
  readonly jsonSchema: boolean;
}

/** The `generationConfig` of a request, without `thinkingConfig`. */
export function writeGenerationConfig(request: CanonicalRequest, target: Target, losses: Loss[]): JsonDraft {
  const { sampling } = request;
  const config: JsonDraft = {};
  if (sampling.maxTokens !== undefined) {
    config.maxOutputTokens = clampTokens(sampling.maxTokens, target.model.maxOutput, losses);
  }
  for (const key of ['temperature', 'topP'] as const) {
    if (sampling[key] !== undefined) config[NUMBERS[key]] = sampling[key];
  }
  if (sampling.topK !== undefined && sampling.topK >= 1) config.topK = Math.trunc(sampling.topK);
  if (sampling.seed !== undefined) config.seed = sampling.seed | 0;
  writePenalties(sampling, target, config, losses);
  writeStops(sampling, target, config, losses);
  if (sampling.n !== undefined && sampling.n > 1) config.candidateCount = clampCount(sampling.n, losses);
  if (sampling.logitBias !== undefined) losses.push(dropped('logit_bias', 'Gemini has no such field.'));
  if (sampling.logprobs !== undefined) writeLogprobs(sampling.logprobs.top, config);
  writeOutput(request, target, config, losses);
  writeAnswerMedia(request, config, losses);
  return config;
}

/** The most answers that one request gets. https://ai.google.dev/api/generate-content#generationconfig */
const MAX_CANDIDATES = 8;

function clampCount(n: number, losses: Loss[]): number {
  if (n > MAX_CANDIDATES) losses.push(approximated('n', `The target gives ${MAX_CANDIDATES} answers at most.`));
  return Math.min(n, MAX_CANDIDATES);
}

/** At least one alternative can be asked for, at most 20. */
function writeLogprobs(top: number | undefined, config: JsonDraft): void {
  config.responseLogprobs = true;
  if (top !== undefined && top >= 1) config.logprobs = Math.min(top, 20);
}

function writePenalties(sampling: Sampling, target: Target, config: JsonDraft, losses: Loss[]): void {
  for (const key of ['presencePenalty', 'frequencyPenalty'] as const) {
    if (sampling[key] === undefined) continue;
    if (target.model.penalties) config[key] = sampling[key];
    else if (sampling[key] !== 0) losses.push(dropped(NUMBERS[key], 'Models of this generation refuse penalties.'));
  }
}

function writeStops(sampling: Sampling, target: Target, config: JsonDraft, losses: Loss[]): void {
  const stops = (sampling.stop ?? []).filter((stop) => stop !== '');
  const most = target.server.quirks.maxStops ?? MAX_STOPS;
  if (stops.length > most) losses.push(approximated('stop', `Only the first ${most} stop sequences are sent.`));
  if (stops.length > 0) config.stopSequences = stops.slice(0, most);
}

/** The demand for JSON that stands in the instructions where the model has no mode for it; `undefined` where it has. */
export function promptedOutput(request: CanonicalRequest, target: Target): string | undefined {
  const { output } = request;
  if (output === undefined || output.kind === 'choice') return undefined;
  const hasMode = target.model.jsonWithTools || request.tools.length === 0;
  const hasSchema = target.server.quirks.outputSchema !== false;
  if (hasMode && (hasSchema || output.kind === 'json')) return undefined;
  const demand = 'Answer with one JSON value and nothing else: no other text, no Markdown fences.';
  return output.kind === 'json'
    ? demand
    : `${demand} It must follow this JSON Schema:\n${JSON.stringify(output.schema)}`;
}

function writeOutput(request: CanonicalRequest, target: Target, config: JsonDraft, losses: Loss[]): void {
  const { output } = request;
  if (output === undefined) return;
  if (output.kind === 'choice') {
    config.responseMimeType = 'text/x.enum';
    config.responseSchema = { type: 'STRING', enum: output.values };
    return;
  }
  const isPrompted = promptedOutput(request, target) !== undefined;
  if (isPrompted) losses.push(approximated('response_format', 'The form of the answer is asked for in words.'));
  if (isPrompted && request.tools.length > 0 && !target.model.jsonWithTools) return;
  config.responseMimeType = 'application/json';
  if (isPrompted || output.kind === 'json') return;
  writeOutputSchema(output.schema, target, config, losses);
}

function writeOutputSchema(schema: Json, target: Target, config: JsonDraft, losses: Loss[]): void {
  const converted = target.jsonSchema ? forGeminiJson(schema, 'output') : forGeminiSubset(schema, 'output');
  losses.push(...converted.losses);
  config[target.jsonSchema ? 'responseJsonSchema' : 'responseSchema'] = converted.schema;
}
