import type { ModelFacts } from '../../base/model-facts.ts';
import type { Effort } from '../canonical/request.ts';
import type { Quirks } from '../target.ts';
import { EFFORTS } from './effort.ts';

/**
 * How a model is made to think: not at all; with a budget of tokens; with either form; by its own judgement under an effort.
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 */
export type ThinkingForm = 'none' | 'budget' | 'either' | 'adaptive';

/** What a request for a model of Anthropic's dialect may hold. */
export interface ClaudeModel {
  /** Tokens of input it reads, where that is known. */
  readonly contextWindow?: number;
  /** The most tokens an answer may have, where it is known. */
  readonly maxTokens?: number;
  /** What is asked for when the client sets no limit: the dialect requires one. */
  readonly defaultMaxTokens: number;
  readonly thinking: ThinkingForm;
  /** True: it thinks unless told not to. */
  readonly thinksByDefault: boolean;
  /** How it is told not to think; `refused`: it cannot be. */
  readonly thinkingOff: 'disabled' | 'between_tools' | 'refused' | 'unneeded';
  /** True: while it thinks under a budget, a turn whose calls are being answered must begin with its thought. */
  readonly needsLeadingThought: boolean;
  /** True: thoughts come without their text unless asked for. */
  readonly hidesThoughts: boolean;
  /** The words of `output_config.effort` that it takes, the least first; none: it takes no effort. */
  readonly efforts: readonly Effort[];
  /** Efforts that it refuses while it is told not to think. */
  readonly effortsThinking: readonly Effort[];
  /** `one`: temperature or top_p, not both. */
  readonly sampling: 'any' | 'one' | 'none';
  /** False: a tool call cannot be forced. */
  readonly forcedChoice: boolean;
  /** True: turns of role `system` may stand after user turns. */
  readonly midSystem: boolean;
  /** True: a begun answer is continued. */
  readonly prefill: boolean;
  /** True: `output_config.format` and strict tools are known. */
  readonly outputFormat: boolean;
}

const COMMON_EFFORTS: readonly Effort[] = ['low', 'medium', 'high'];

const OLDEST: ClaudeModel = {
  contextWindow: 200_000,
  maxTokens: 4096,
  defaultMaxTokens: 4096,
  thinking: 'none',
  thinksByDefault: false,
  thinkingOff: 'unneeded',
  needsLeadingThought: true,
  hidesThoughts: false,
  efforts: [],
  effortsThinking: [],
  sampling: 'any',
  forcedChoice: true,
  midSystem: false,
  prefill: true,
  outputFormat: false,
};
const V3_5: ClaudeModel = { ...OLDEST, maxTokens: 8192 };
const V3_7: ClaudeModel = {
  ...OLDEST,
  maxTokens: 64000,
  defaultMaxTokens: 64000,
  thinking: 'budget',
  thinkingOff: 'disabled',
};
const OPUS_4: ClaudeModel = { ...V3_7, maxTokens: 32000, defaultMaxTokens: 32000 };
const OPUS_4_1: ClaudeModel = { ...OPUS_4, sampling: 'one', outputFormat: true };
const V4_5: ClaudeModel = { ...V3_7, sampling: 'one', outputFormat: true };
const OPUS_4_5: ClaudeModel = { ...V4_5, efforts: COMMON_EFFORTS };
const V4_6: ClaudeModel = {
  ...V4_5,
  contextWindow: 1_000_000,
  maxTokens: 128000,
  defaultMaxTokens: 128000,
  thinking: 'either',
  efforts: [...COMMON_EFFORTS, 'max'],
  prefill: false,
};
const V4_7: ClaudeModel = {
  ...V4_6,
  thinking: 'adaptive',
  hidesThoughts: true,
  efforts: [...COMMON_EFFORTS, 'xhigh', 'max'],
  sampling: 'none',
};
const V4_8: ClaudeModel = { ...V4_7, midSystem: true };
const SONNET_5: ClaudeModel = { ...V4_7, thinksByDefault: true };
const V5: ClaudeModel = { ...SONNET_5, midSystem: true, effortsThinking: ['xhigh', 'max'] };
const V5_5: ClaudeModel = { ...V5, forcedChoice: false };
const SONNET_5_5: ClaudeModel = { ...V5_5, thinkingOff: 'between_tools' };
const ALWAYS_THINKING: ClaudeModel = { ...V5_5, thinkingOff: 'refused' };

/** A Claude whose version its name does not tell: most likely newer than this table. */
const UNKNOWN_CLAUDE: ClaudeModel = { ...withoutLimit(V5), defaultMaxTokens: 32000 };
/** Another vendor's model behind an endpoint of this dialect. */
const NOT_CLAUDE: ClaudeModel = {
  ...withoutLimit(V3_7),
  defaultMaxTokens: 8192,
  needsLeadingThought: false,
  // some of these servers know the field, and the others pass over it
  efforts: [...COMMON_EFFORTS, 'xhigh', 'max'],
};

/** The first row that fits counts. `from`: ten times the version. */
const ROWS: readonly { readonly families?: readonly string[]; readonly from: number; readonly traits: ClaudeModel }[] =
  [
    { families: ['fable', 'mythos'], from: 0, traits: ALWAYS_THINKING },
    { families: ['opus'], from: 55, traits: ALWAYS_THINKING },
    { families: ['sonnet'], from: 55, traits: SONNET_5_5 },
    { from: 55, traits: V5_5 },
    { families: ['sonnet'], from: 50, traits: SONNET_5 },
    { from: 50, traits: V5 },
    { from: 48, traits: V4_8 },
    { from: 47, traits: V4_7 },
    { from: 46, traits: V4_6 },
    { families: ['opus'], from: 45, traits: OPUS_4_5 },
    { from: 45, traits: V4_5 },
    { families: ['opus'], from: 41, traits: OPUS_4_1 },
    { families: ['opus'], from: 40, traits: OPUS_4 },
    { from: 37, traits: V3_7 },
    { from: 35, traits: V3_5 },
    { from: 0, traits: OLDEST },
  ];

const CLAUDE = /(?:^|[./])claude-/i;
/** `claude-opus-4-8`, `claude-sonnet-4-5-20250929`, `claude-opus-4@20250514`, `claude-sonnet-4.5`. */
const FAMILY_FIRST = /claude-(opus|sonnet|haiku|fable|mythos)(?:-(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?)?/i;
/** `claude-3-5-haiku-20241022`, `claude-3-opus`, `claude-2.1`. */
const VERSION_FIRST = /claude-(?:v|instant-)?(\d)(?:[-.](\d)(?!\d))?(?:-(opus|sonnet|haiku))?/i;

/** What a model takes, by its name, as far as its upstream's list and the server's quirks do not say otherwise. */
export function readClaudeModel(model: string, quirks: Quirks = {}, facts?: ModelFacts): ClaudeModel {
  const byName = traitsByName(model);
  const traits = facts === undefined ? byName : { ...byName, ...readFacts(facts, byName) };
  return {
    ...traits,
    ...(quirks.outputSchema === undefined ? {} : { outputFormat: quirks.outputSchema }),
    ...(quirks.midSystem === false ? { midSystem: false } : {}),
    ...(quirks.reasoningControl === 'none' ? { thinking: 'none', thinkingOff: 'unneeded' } : {}),
  };
}

/** What an upstream's list says, in the place of what the name tells. */
function readFacts(facts: ModelFacts, byName: ClaudeModel): Partial<ClaudeModel> {
  const { contextWindow, maxOutput, efforts, outputSchema } = facts;
  return {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutput === undefined ? {} : { maxTokens: maxOutput, defaultMaxTokens: maxOutput }),
    ...(efforts === undefined ? {} : { efforts: EFFORTS.filter((effort) => efforts.includes(effort)) }),
    ...(outputSchema === undefined ? {} : { outputFormat: outputSchema }),
    ...readThinking(facts, byName),
  };
}

function readThinking({ thinks, thinkingTypes: types }: ModelFacts, byName: ClaudeModel): Partial<ClaudeModel> {
  if (thinks === false) return { thinking: 'none', thinkingOff: 'unneeded', thinksByDefault: false };
  if (types === undefined) return {};
  const adapts = types.includes('adaptive');
  if (!adapts && !types.includes('enabled')) return {};
  const ways = (['disabled', 'between_tools'] as const).filter((way) => types.includes(way));
  const off = ways[0] ?? 'refused';
  return {
    thinking: adapts ? (types.includes('enabled') ? 'either' : 'adaptive') : 'budget',
    thinkingOff: off,
    thinksByDefault: off === 'refused' || (adapts && byName.thinksByDefault),
  };
}

function traitsByName(model: string): ClaudeModel {
  if (!CLAUDE.test(model)) return NOT_CLAUDE;
  const version = readVersion(model);
  if (version === undefined) return UNKNOWN_CLAUDE;
  const row = ROWS.find(({ families, from }) => version.number >= from && (families?.includes(version.family) ?? true));
  return row?.traits ?? UNKNOWN_CLAUDE;
}

function readVersion(model: string): { readonly family: string; readonly number: number } | undefined {
  const modern = FAMILY_FIRST.exec(model);
  if (modern !== null) {
    const [, family, major, minor] = modern;
    const always = /fable|mythos/i.test(family!);
    if (major === undefined && !always) return undefined;
    return { family: family!.toLowerCase(), number: Number(major ?? 5) * 10 + Number(minor ?? 0) };
  }
  const old = VERSION_FIRST.exec(model);
  if (old === null) return undefined;
  const [, major, minor, family] = old;
  return { family: (family ?? 'opus').toLowerCase(), number: Number(major) * 10 + Number(minor ?? 0) };
}

/** Ten times the version that a model's name says: 47 for 4.7. `undefined` where it says none, or the model is another's. */
export function readClaudeVersion(model: string): number | undefined {
  return CLAUDE.test(model) ? readVersion(model)?.number : undefined;
}

function withoutLimit({ maxTokens: _limit, contextWindow: _window, ...traits }: ClaudeModel): ClaudeModel {
  return traits;
}
