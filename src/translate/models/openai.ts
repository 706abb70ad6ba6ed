import type { Effort } from '../canonical/request.ts';

/** What OpenAI's models take, as far as a name tells. */
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
}

const UNKNOWN: OpenaiModel = {
  samplesWhenIdle: false,
  idleByDefault: false,
  cacheBreakpoints: false,
  customTools: false,
  refusesStop: false,
};
const CLASSIC_EFFORTS: readonly Effort[] = ['low', 'medium', 'high'];

/** Reads a model's name, whatever vendor's prefix stands before it. https://platform.openai.com/docs/models */
export function readOpenaiModel(model: string): OpenaiModel {
  const name = model.slice(model.lastIndexOf('/') + 1).replace(/^ft:/, '');
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
