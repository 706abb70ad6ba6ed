import { asObjects, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type {
  AnswerWishes,
  CanonicalRequest,
  Effort,
  OutputFormat,
  ReasoningControl,
  Sampling,
} from '../canonical/request.ts';
import {
  optionalNumber,
  optionalObject,
  optionalString,
  optionalStrings,
  requiredString,
  wrongField,
} from '../request-fields.ts';
import { optionalField } from './optional-field.ts';

/**
 * Root fields that are decoded, or whose loss changes nothing that a client could notice: versions and betas belong to the
 * wire, diagnostics to the vendor's own cache.
 */
const KNOWN_FIELDS = new Set([
  'model',
  'messages',
  'system',
  'stream',
  'max_tokens',
  'tools',
  'tool_choice',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'service_tier',
  'speed',
  'cache_control',
  'anthropic_version',
  'anthropic_beta',
  'betas',
  'diagnostics',
]);
/** Edits of `context_management` that only save tokens; others change what the model sees. */
const SAVING_EDIT = /^clear_(?:thinking|tool_uses)_/;
const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'] satisfies readonly Effort[];

type Settings = Pick<
  CanonicalRequest,
  'sampling' | 'reasoning' | 'output' | 'serviceTier' | 'user' | 'answer' | 'extras'
>;

/** Decodes all of a request that is not its conversation or tools. Throws `invalid-request` for a field of a wrong form. */
export function decodeSettings(body: JsonObject): Settings {
  const config = optionalObject(body, 'output_config') ?? {};
  const reasoning = decodeReasoning(body, config);
  const user = optionalString(optionalObject(body, 'metadata') ?? {}, 'user_id', 'metadata.user_id');
  return {
    sampling: decodeSampling(body),
    ...optionalField('reasoning', reasoning),
    ...optionalField('output', decodeOutput(body, config)),
    ...optionalField('serviceTier', decodeTier(body)),
    ...optionalField('user', user === '' ? undefined : user),
    answer: decodeWishes(reasoning),
    extras: decodeExtras(body),
  };
}

function decodeSampling(body: JsonObject): Sampling {
  return {
    ...optionalField('maxTokens', optionalNumber(body, 'max_tokens')),
    ...optionalField('temperature', optionalNumber(body, 'temperature')),
    ...optionalField('topP', optionalNumber(body, 'top_p')),
    ...optionalField('topK', optionalNumber(body, 'top_k')),
    ...optionalField('stop', optionalStrings(body, 'stop_sequences')),
  };
}

/** Decodes how much the model shall think, from `thinking` and `output_config`. Throws `invalid-request` for an unknown form. */
export function decodeReasoning(body: JsonObject, config: JsonObject): ReasoningControl | undefined {
  const thinking = optionalObject(body, 'thinking');
  const effort = optionalString(config, 'effort', 'output_config.effort');
  const known = effort !== undefined && EFFORTS.includes(effort) ? (effort as Effort) : undefined;
  if (thinking === undefined) return known === undefined ? undefined : { effort: known };
  return { ...decodeThinking(thinking), ...optionalField('effort', known) };
}

function decodeThinking(thinking: JsonObject): ReasoningControl {
  const display = decodeDisplay(optionalString(thinking, 'display', 'thinking.display'));
  switch (thinking.type) {
    case 'enabled': {
      const budget = optionalNumber(thinking, 'budget_tokens', 'thinking.budget_tokens');
      return { mode: 'on', ...optionalField('budget', budget), ...display };
    }
    case 'adaptive':
      return { mode: 'auto', ...display };
    case 'disabled':
    case 'between_tools':
      return { mode: 'off' };
    default:
      throw wrongField('thinking.type', "'enabled', 'adaptive', 'between_tools' or 'disabled'");
  }
}

function decodeDisplay(display: string | undefined): Pick<ReasoningControl, 'display'> {
  if (display === 'omitted') return { display: 'omitted' };
  return display === 'summarized' || display === 'updates' ? { display: 'summary' } : {};
}

/** Thoughts are shown to who asked for them; by default the dialect's clients get none. */
function decodeWishes(reasoning: ReasoningControl | undefined): AnswerWishes {
  const isOn = reasoning?.mode === 'on' || reasoning?.mode === 'auto';
  return { showReasoning: isOn && reasoning.display !== 'omitted' };
}

function decodeOutput(body: JsonObject, config: JsonObject): OutputFormat | undefined {
  const inConfig = optionalObject(config, 'format', 'output_config.format');
  const format = inConfig ?? optionalObject(body, 'output_format');
  if (format === undefined) return undefined;
  const path = inConfig === undefined ? 'output_format' : 'output_config.format';
  if (requiredString(format, 'type', `${path}.type`) !== 'json_schema')
    throw wrongField(`${path}.type`, "'json_schema'");
  const schema = optionalObject(format, 'schema', `${path}.schema`);
  return schema === undefined ? { kind: 'json' } : { kind: 'schema', schema };
}

function decodeTier(body: JsonObject): string | undefined {
  if (body.speed === 'fast') return 'fast';
  const tier = optionalString(body, 'service_tier');
  return tier === 'standard_only' ? 'default' : tier;
}

function decodeExtras(body: JsonObject): CanonicalRequest['extras'] {
  const extras: JsonDraft = {};
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined || value === null || KNOWN_FIELDS.has(key)) continue;
    if (key === 'context_management' && onlySaves(value)) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    extras[key] = value;
  }
  return Object.keys(extras).length === 0 ? {} : { 'anthropic-messages': extras };
}

function onlySaves(management: unknown): boolean {
  const edits = asObjects((management as JsonObject).edits);
  return edits.every((edit) => SAVING_EDIT.test(String(edit.type)));
}
