import type { ModelFacts } from '../../base/model-facts.ts';
import type { Effort } from '../canonical/request.ts';

/** What a model takes in OpenAI's dialects, as far as its name or its upstream's list tell. */
export interface OpenaiModel {
  /** Whether it reasons; absent when the name says nothing. */
  readonly reasons?: boolean;
  /** The effort words it takes, least first; absent when the name says nothing. */
  readonly efforts?: readonly Effort[];
  /** True: sampling fields are taken when the effort is `none`. */
  readonly samplesWhenIdle: boolean;
  /** True: the effort is `none` when a request names none. */
  readonly idleByDefault: boolean;
  /** True: parts may carry a cache breakpoint. */
  readonly cacheBreakpoints: boolean;
  /** True: tools of kind `custom` and the field `verbosity` are taken. */
  readonly customTools: boolean;
  /** True: stop sequences are refused. */
  readonly refusesStop: boolean;
  /** Tokens of input and output together, where they are known. */
  readonly contextWindow?: number;
  /** The most tokens of an answer, reasoning included, where it is known. */
  readonly maxOutput?: number;
}

const UNKNOWN: OpenaiModel = {
  samplesWhenIdle: false,
  idleByDefault: false,
  cacheBreakpoints: false,
  customTools: false,
  refusesStop: false,
};
const CLASSIC_EFFORTS: readonly Effort[] = ['low', 'medium', 'high'];

/** The first row that fits counts. https://platform.openai.com/docs/models */
const LIMITS: readonly (readonly [name: RegExp, contextWindow: number | undefined, maxOutput: number])[] = [
  [/^gpt-3\.?5/, 16_385, 4096],
  [/^gpt-4\.1/, 1_047_576, 32_768],
  [/^gpt-4\.5/, 128_000, 16_384],
  [/^(?:gpt-4-turbo|gpt-4-\d{4}-preview)/, 128_000, 4096],
  [/^(?:gpt-4o-2024-05-13)/, 128_000, 4096],
  [/^(?:gpt-4o|chatgpt-4o|gpt-\d[\d.]*-chat)/, 128_000, 16_384],
  [/^gpt-4/, 8192, 8192],
  [/^o1-mini/, 128_000, 65_536],
  [/^o1-preview/, 128_000, 32_768],
  [/^(?:o\d|codex-mini)/, 200_000, 100_000],
  [/^gpt-5(?:\.[0-3])?(?![\w.])/, 400_000, 128_000],
  [/^gpt-(?:5\.|[6-9]|\d\d)/, undefined, 128_000],
];

/** Reads a model's name, whatever vendor's prefix stands before it, and what its upstream's list says. */
export function readOpenaiModel(model: string, facts?: ModelFacts): OpenaiModel {
  const name = model.slice(model.lastIndexOf('/') + 1).replace(/^ft:/, '');
  const [, contextWindow, maxOutput] = LIMITS.find(([pattern]) => pattern.test(name)) ?? [];
  const limits = {
    contextWindow: facts?.contextWindow ?? contextWindow,
    maxOutput: facts?.maxOutput ?? maxOutput,
  };
  const read = readName(name);
  return {
    ...read,
    ...(facts?.thinks === undefined || read.reasons !== undefined ? {} : { reasons: facts.thinks }),
    ...(limits.contextWindow === undefined ? {} : { contextWindow: limits.contextWindow }),
    ...(limits.maxOutput === undefined ? {} : { maxOutput: limits.maxOutput }),
  };
}

function readName(name: string): OpenaiModel {
  if (/^(gpt-3|gpt-4|chatgpt|o1-mini|o1-preview)|^gpt-\d[\d.]*-chat/.test(name)) return { ...UNKNOWN, reasons: false };
  if (/^(o\d|codex-mini)/.test(name)) {
    return { ...UNKNOWN, reasons: true, efforts: CLASSIC_EFFORTS, refusesStop: /^(o3|o4)/.test(name) };
  }
  const version = /^gpt-(\d+)(?:\.(\d+))?(?![\w.])/.exec(name);
  if (version === null) return UNKNOWN;
  const release = Number(version[1]) * 100 + Number(version[2] ?? 0);
  return {
    reasons: true,
    efforts: effortsOf(release, name),
    samplesWhenIdle: release >= 501,
    idleByDefault: release >= 501 && release <= 504 && !name.includes('codex'),
    cacheBreakpoints: release >= 506,
    customTools: true,
    refusesStop: false,
  };
}

function effortsOf(release: number, name: string): readonly Effort[] {
  if (release < 501) return name.includes('codex') ? CLASSIC_EFFORTS : ['minimal', ...CLASSIC_EFFORTS];
  if (release < 502 && !name.includes('codex-max')) return ['none', ...CLASSIC_EFFORTS];
  return release < 506 ? ['none', ...CLASSIC_EFFORTS, 'xhigh'] : ['none', ...CLASSIC_EFFORTS, 'xhigh', 'max'];
}
