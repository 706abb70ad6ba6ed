import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, Effort, OutputFormat, ReasoningControl } from '../canonical/request.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import type { ModelTraits } from './model-traits.ts';
import { EFFORTS, effortOfBudget } from './vocabulary.ts';

type Lose = (loss: Loss) => void;

/** The least `max_output_tokens` the service takes. */
const LEAST_TOKENS = 16;

/** Encodes how much the model shall think and what of it is shown; `undefined` when there is nothing to say. */
export function encodeReasoning(
  control: ReasoningControl | undefined,
  model: ModelTraits,
  lose: Lose,
): JsonObject | undefined {
  if (control === undefined) return undefined;
  if (model.reasons === false) {
    if (control.mode === 'on') lose(dropped('reasoning', 'The model does not reason.'));
    return undefined;
  }
  const effort = effortFor(wantedEffort(control), model, lose);
  const summary = control.mode === 'off' ? undefined : summaryOf(control);
  if (effort === undefined && summary === undefined) return undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(summary === undefined ? {} : { summary }) };
}

function wantedEffort(control: ReasoningControl): Effort | undefined {
  if (control.mode === 'off') return 'none';
  if (control.effort !== undefined) return control.effort;
  return control.budget === undefined || control.budget < 0 ? undefined : effortOfBudget(control.budget);
}

function effortFor(wanted: Effort | undefined, model: ModelTraits, lose: Lose): Effort | undefined {
  const { efforts } = model;
  if (wanted === undefined || efforts === undefined || efforts.includes(wanted)) return wanted;
  const rank = EFFORTS.indexOf(wanted);
  const lower = efforts.filter((effort) => EFFORTS.indexOf(effort) < rank).at(-1);
  const field = wanted === 'none' ? 'reasoning-floor' : 'effort';
  // `none` stands below every effort, and is no answer to a client that wants a little
  const nearest = lower === undefined || lower === 'none' ? efforts.find((effort) => effort !== 'none') : lower;
  lose(approximated(field, `The model takes no effort ${wanted}; ${nearest ?? 'none'} is sent.`));
  return nearest;
}

function summaryOf(control: ReasoningControl): string | undefined {
  if (control.display === 'omitted') return undefined;
  return control.summary ?? (control.display === 'full' ? 'detailed' : 'auto');
}

/** Encodes `text`: the form of the answer and its verbosity. */
export function encodeTextConfig(request: CanonicalRequest, withSchema: boolean, lose: Lose): JsonObject | undefined {
  const format = encodeFormat(request.output, withSchema, lose);
  const { verbosity } = request;
  if (format === undefined && verbosity === undefined) return undefined;
  return { ...(format === undefined ? {} : { format }), ...(verbosity === undefined ? {} : { verbosity }) };
}

function encodeFormat(output: OutputFormat | undefined, withSchema: boolean, lose: Lose): JsonObject | undefined {
  if (output === undefined) return undefined;
  if (output.kind !== 'json' && !withSchema) {
    lose(approximated('schema-prompted', 'The target takes no schema for its answer; plain JSON is asked for.'));
    return { type: 'json_object' };
  }
  switch (output.kind) {
    case 'json':
      return { type: 'json_object' };
    case 'choice':
      return { type: 'json_schema', name: 'choice', schema: choiceSchema(output.values), strict: true };
    case 'schema':
      return {
        type: 'json_schema',
        name: output.name ?? 'response',
        schema: output.schema,
        ...(output.description === undefined ? {} : { description: output.description }),
        ...(output.strict === undefined ? {} : { strict: output.strict }),
      };
    default:
      return output satisfies never;
  }
}

// a schema's root must be an object, so the choice stands in one; `unwrap-choice.ts` takes it out again
function choiceSchema(values: readonly string[]): JsonObject {
  return {
    type: 'object',
    properties: { value: { type: 'string', enum: values } },
    required: ['value'],
    additionalProperties: false,
  };
}

/** Encodes limits and sampling, and names what the dialect or the model cannot carry. */
export function encodeSampling(request: CanonicalRequest, model: ModelTraits, lose: Lose): JsonObject {
  const { sampling } = request;
  const fields: JsonDraft = {};
  if (sampling.maxTokens !== undefined) fields.max_output_tokens = atLeast(sampling.maxTokens, lose);
  if (sampling.stop !== undefined && sampling.stop.length > 0) {
    lose(dropped('stop', 'The Responses dialect has no stop sequences.'));
  }
  if (sampling.logitBias !== undefined) lose(dropped('logit_bias', 'The Responses dialect has no logit bias.'));
  const { temperature, topP, logprobs } = sampling;
  if (temperature === undefined && topP === undefined && logprobs === undefined) return fields;
  if (!takesSampling(request.reasoning, model)) {
    lose(dropped('sampling', 'A reasoning model takes no temperature, top_p or logprobs.'));
    return fields;
  }
  if (temperature !== undefined) fields.temperature = temperature;
  if (topP !== undefined) fields.top_p = topP;
  if (logprobs !== undefined) fields.top_logprobs = logprobs.top ?? 0;
  return fields;
}

function atLeast(tokens: number, lose: Lose): number {
  if (tokens >= LEAST_TOKENS) return tokens;
  lose(approximated('clamped=max_output_tokens', `The least that can be asked for is ${LEAST_TOKENS} tokens.`));
  return LEAST_TOKENS;
}

function takesSampling(control: ReasoningControl | undefined, model: ModelTraits): boolean {
  if (model.reasons !== true) return true;
  if (!model.samplesWhenIdle) return false;
  const effort = control === undefined ? undefined : wantedEffort(control);
  return effort === undefined ? model.idleByDefault : effort === 'none';
}
