import type { ModelFacts } from '../../base/model-facts.ts';

/** How much a Gemini 3 model thinks. https://ai.google.dev/gemini-api/docs/thinking#thinking-levels */
export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';

/** How a model's thinking is asked for. */
export type ThinkingTraits =
  | { readonly by: 'nothing' }
  | {
      readonly by: 'budget';
      readonly min: number;
      readonly max: number;
      /** True: a budget of 0 ends all thinking. */
      readonly canStop: boolean;
    }
  | { readonly by: 'level'; readonly levels: readonly ThinkingLevel[] };

/** What a model takes, as its name tells. */
export interface GeminiModel {
  readonly thinking: ThinkingTraits;
  /** False: no `systemInstruction`. */
  readonly system: boolean;
  /** True: the first call of each turn needs its signature. */
  readonly callSeals: boolean;
  /** True: functions and built-in tools in one request. */
  readonly mixedTools: boolean;
  /** True: a function's result may hold media. */
  readonly mediaResults: boolean;
  /** True: functions and JSON output in one request. */
  readonly jsonWithTools: boolean;
  /** True: `parametersJsonSchema` and `responseJsonSchema` are known. */
  readonly jsonSchema: boolean;
  /** True: presence and frequency penalties are known. */
  readonly penalties: boolean;
  /** Tokens of input it reads, where that is known. */
  readonly contextWindow?: number;
  /** The most tokens of an answer, thoughts included, where it is known. */
  readonly maxOutput?: number;
}

/** The generation of a name that tells none: aliases such as `gemini-flash-latest` follow the newest models. */
const NEWEST = 4;

/** What is known of a model: https://ai.google.dev/gemini-api/docs/models and https://ai.google.dev/gemini-api/docs/thinking */
export function readGeminiModel(model: string, facts?: ModelFacts): GeminiModel {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const generation = generationOf(name);
  const isGemma = name.startsWith('gemma');
  return {
    ...limitsOf(name, facts),
    thinking: facts?.thinks === false ? { by: 'nothing' } : thinkingOf(name, generation, isGemma),
    system: !isGemma,
    callSeals: generation >= 3 && !isGemma,
    mixedTools: generation >= 3 && !isGemma,
    mediaResults: generation >= 3 && !isGemma,
    jsonWithTools: generation >= 3 && !isGemma,
    jsonSchema: generation >= 2,
    penalties: generation < 3.5,
  };
}

/** The first row that fits counts. */
const LIMITS: readonly (readonly [name: RegExp, contextWindow: number, maxOutput: number])[] = [
  [/^gemini-\d[\d.]*-[\w-]*image/, 32_768, 32_768],
  [/-tts/, 8192, 16_384],
  [/^gemini-1\.5-pro/, 2_097_152, 8192],
  [/^gemini-(?:1\.5|2\.0)/, 1_048_576, 8192],
  [/^gemini-(?:2\.5|3)/, 1_048_576, 65_536],
  [/^gemma-3/, 131_072, 8192],
];

function limitsOf(name: string, facts: ModelFacts | undefined): Pick<GeminiModel, 'contextWindow' | 'maxOutput'> {
  const [, window, output] = LIMITS.find(([pattern]) => pattern.test(name)) ?? [];
  const contextWindow = facts?.contextWindow ?? window;
  const maxOutput = facts?.maxOutput ?? output;
  return {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutput === undefined ? {} : { maxOutput }),
  };
}

function generationOf(name: string): number {
  const version = /(?:gemini|gemma)-(\d+(?:\.\d+)?)/.exec(name)?.[1];
  return version === undefined ? NEWEST : Number(version);
}

function thinkingOf(name: string, generation: number, isGemma: boolean): ThinkingTraits {
  if (isGemma || generation < 2.5 || /-(tts|live|native-audio|embedding)/.test(name)) return { by: 'nothing' };
  const isImage = name.includes('-image');
  if (generation < 3) return isImage ? { by: 'nothing' } : budgetOf(name);
  if (isImage) return name.includes('flash') ? { by: 'level', levels: ['MINIMAL', 'HIGH'] } : { by: 'nothing' };
  return { by: 'level', levels: levelsOf(name, generation) };
}

function budgetOf(name: string): ThinkingTraits {
  if (name.includes('pro')) return { by: 'budget', min: 128, max: 32768, canStop: false };
  return { by: 'budget', min: name.includes('lite') ? 512 : 1, max: 24576, canStop: true };
}

function levelsOf(name: string, generation: number): readonly ThinkingLevel[] {
  if (name.includes('lite')) return ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'];
  if (name.includes('flash') && generation <= 3.5) return ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'];
  return generation === 3 && name.includes('pro') ? ['LOW', 'HIGH'] : ['LOW', 'MEDIUM', 'HIGH'];
}
