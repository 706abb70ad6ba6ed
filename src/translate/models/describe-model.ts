import type { ModelFacts, ThinkingType } from '../../base/model-facts.ts';
import { type ClaudeModel, readClaudeModel } from './claude.ts';
import { readGeminiModel } from './gemini.ts';
import { readOpenaiModel } from './openai.ts';

type Inputs = ModelFacts['inputs'];

/**
 * All that is known of a model: what its upstream's list says, else what its name tells. What neither does is absent. Lists of
 * models show it to clients, some of which fit their requests to it.
 */
export function describeModel(model: string, facts: ModelFacts = {}): ModelFacts {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  if (/claude-/.test(name)) return { ...describeClaude(model, name, facts), ...facts };
  if (/^(?:gemini|gemma)-/.test(name)) return { ...describeGemini(model, name, facts), ...facts };
  if (name.startsWith('glm-')) return { ...describeGlm(name), ...facts };
  return { ...describeOpenai(model, name, facts), ...facts };
}

function describeClaude(model: string, name: string, facts: ModelFacts): ModelFacts {
  const read = readClaudeModel(model, {}, facts);
  // the first generations read text alone
  const inputs: Inputs = /claude-(?:v?[12]|instant)/.test(name) ? [] : ['image', 'document'];
  return {
    ...limits(read.contextWindow, read.maxTokens),
    thinks: read.thinking !== 'none',
    thinkingTypes: typesOf(read),
    efforts: read.efforts,
    inputs,
    outputSchema: read.outputFormat,
  };
}

function typesOf({ thinking, thinkingOff }: ClaudeModel): readonly ThinkingType[] {
  const on = { none: [], budget: ['enabled'], either: ['enabled', 'adaptive'], adaptive: ['adaptive'] } as const;
  const off = {
    disabled: ['disabled'],
    unneeded: ['disabled'],
    between_tools: ['between_tools'],
    refused: [],
  } as const;
  return [...on[thinking], ...off[thinkingOff]];
}

function describeGemini(model: string, name: string, facts: ModelFacts): ModelFacts {
  const read = readGeminiModel(model, facts);
  const inputs: Inputs = name.startsWith('gemma') ? ['image'] : ['image', 'document', 'audio', 'video'];
  return {
    ...limits(read.contextWindow, read.maxOutput),
    thinks: read.thinking.by !== 'nothing',
    inputs: name.includes('-tts') ? [] : inputs,
    outputSchema: read.jsonSchema,
  };
}

const OPENAI_NAME = /^(?:ft:)?(?:gpt-\d|chatgpt|o\d|codex)/;
const OPENAI_TEXT_ONLY = /gpt-3|gpt-4(?!\.|o|-turbo)|gpt-oss|o1-mini|o1-preview|o3-mini/;

function describeOpenai(model: string, name: string, facts: ModelFacts): ModelFacts {
  const read = readOpenaiModel(model, facts);
  const isKnown = OPENAI_NAME.test(name);
  return {
    ...limits(read.contextWindow, read.maxOutput),
    ...(read.reasons === undefined ? {} : { thinks: read.reasons }),
    ...(read.efforts === undefined ? {} : { efforts: read.efforts }),
    ...(isKnown ? { inputs: OPENAI_TEXT_ONLY.test(name) ? [] : (['image', 'document'] as const) } : {}),
  };
}

/** The first row that fits counts. https://docs.z.ai/guides/overview/pricing */
const GLM_LIMITS: readonly (readonly [name: RegExp, contextWindow: number, maxOutput: number])[] = [
  [/^glm-4\.5v/, 65_536, 16_384],
  [/^glm-4\.5/, 131_072, 98_304],
  [/^glm-4\.6v/, 131_072, 32_768],
  [/^glm-(?:4\.[67]|5(?:\.1)?)(?![\w.])/, 204_800, 131_072],
];

/** z.ai has no list of its models that could be asked for. */
function describeGlm(name: string): ModelFacts {
  const [, contextWindow, maxOutput] = GLM_LIMITS.find(([pattern]) => pattern.test(name)) ?? [];
  return {
    ...limits(contextWindow, maxOutput),
    thinks: /^glm-(?:4\.[5-9]|[5-9])/.test(name),
    inputs: /^glm-[\d.]+v/.test(name) ? ['image'] : [],
  };
}

function limits(
  contextWindow: number | undefined,
  maxOutput: number | undefined,
): Pick<ModelFacts, 'contextWindow' | 'maxOutput'> {
  return {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutput === undefined ? {} : { maxOutput }),
  };
}
