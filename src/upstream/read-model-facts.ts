import { asArray, asNumber, asObject, asString, type JsonObject } from '../base/json.ts';
import type { ModelFacts, ThinkingType } from '../base/model-facts.ts';

type Draft = { -readonly [K in keyof ModelFacts]: ModelFacts[K] | undefined };
type Input = NonNullable<ModelFacts['inputs']>[number];

const THINKING_TYPES: readonly ThinkingType[] = ['enabled', 'adaptive', 'disabled', 'between_tools'];
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

/** What Anthropic's list says of a model. https://docs.claude.com/en/api/models-list */
export function readAnthropicFacts(model: JsonObject): ModelFacts | undefined {
  const capabilities = asObject(model.capabilities);
  const released = Date.parse(asString(model.created_at) ?? '');
  return keepKnown({
    title: titleOf(model.display_name, model.id),
    contextWindow: count(model.max_input_tokens),
    maxOutput: count(model.max_tokens),
    releasedAt: released > 0 ? released : undefined,
    ...(capabilities === undefined ? {} : readCapabilities(capabilities)),
  });
}

function readCapabilities(capabilities: JsonObject): Draft {
  const thinking = asObject(capabilities.thinking);
  const types = asObject(thinking?.types);
  const effort = asObject(capabilities.effort);
  const thinks = isSupported(thinking);
  const takesEffort = isSupported(effort);
  return {
    thinks,
    thinkingTypes: types === undefined ? undefined : THINKING_TYPES.filter((type) => isSupported(types[type])),
    efforts: takesEffort === undefined ? undefined : takesEffort ? effortsIn(effort!) : [],
    inputs: readInputs(isSupported(capabilities.image_input), isSupported(capabilities.pdf_input)),
    outputSchema: isSupported(capabilities.structured_outputs),
  };
}

function effortsIn(effort: JsonObject): readonly string[] {
  return EFFORTS.filter((word) => isSupported(effort[word]));
}

function isSupported(capability: unknown): boolean | undefined {
  const supported = asObject(capability)?.supported;
  return typeof supported === 'boolean' ? supported : undefined;
}

function readInputs(image: boolean | undefined, document: boolean | undefined): readonly Input[] | undefined {
  if (image === undefined && document === undefined) return undefined;
  return [...(image ? (['image'] as const) : []), ...(document ? (['document'] as const) : [])];
}

/** What Gemini's list says of a model. https://ai.google.dev/api/models#Model */
export function readGeminiFacts(model: JsonObject): ModelFacts | undefined {
  const sampling = keepKnown({
    temperature: asNumber(model.temperature),
    topP: asNumber(model.topP),
    topK: asNumber(model.topK),
    maxTemperature: asNumber(model.maxTemperature),
  });
  return keepKnown({
    title: titleOf(model.displayName, model.name),
    contextWindow: count(model.inputTokenLimit),
    maxOutput: count(model.outputTokenLimit),
    thinks: typeof model.thinking === 'boolean' ? model.thinking : undefined,
    sampling,
  });
}

const MODALITIES: { readonly [word: string]: Input } = {
  image: 'image',
  file: 'document',
  audio: 'audio',
  video: 'video',
};

/**
 * What lists of servers of the OpenAI dialects say of a model. OpenAI's own names it and nothing more; OpenRouter, Groq, Mistral,
 * vLLM and others each have words of their own. https://openrouter.ai/docs/api-reference/list-available-models
 */
export function readOpenAiFacts(model: JsonObject): ModelFacts | undefined {
  const best = asObject(model.top_provider);
  const parameters = Array.isArray(model.supported_parameters) ? model.supported_parameters : undefined;
  const created = asNumber(model.created);
  return keepKnown({
    title: titleOf(model.name ?? model.display_name, model.id),
    contextWindow:
      count(model.context_length) ??
      count(model.context_window) ??
      count(model.max_context_length) ??
      count(model.max_model_len),
    maxOutput: count(best?.max_completion_tokens) ?? count(model.max_completion_tokens),
    releasedAt: created === undefined || created <= 0 ? undefined : created * 1000,
    thinks: parameters?.includes('reasoning'),
    inputs: readModalities(model),
  });
}

function readModalities(model: JsonObject): readonly Input[] | undefined {
  const listed = asObject(model.architecture)?.input_modalities;
  if (Array.isArray(listed)) {
    return asArray(listed).flatMap((word) => {
      const input = typeof word === 'string' && Object.hasOwn(MODALITIES, word) ? MODALITIES[word] : undefined;
      return input === undefined ? [] : [input];
    });
  }
  const { vision, audio } = asObject(model.capabilities) ?? {};
  if (typeof vision !== 'boolean') return undefined;
  return [...(vision ? (['image'] as const) : []), ...(audio === true ? (['audio'] as const) : [])];
}

/** A name for people; one that only repeats the id says nothing. */
function titleOf(title: unknown, id: unknown): string | undefined {
  const text = asString(title);
  return text === undefined || text === '' || text === id ? undefined : text;
}

function count(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function keepKnown<T extends object>(draft: T): { [K in keyof T]: Exclude<T[K], undefined> } | undefined {
  const known = Object.entries(draft).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : (Object.fromEntries(known) as { [K in keyof T]: Exclude<T[K], undefined> });
}
