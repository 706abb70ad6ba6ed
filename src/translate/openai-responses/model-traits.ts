import type { Effort } from '../canonical/request.ts';

/** What OpenAI's models take, by name. A model nobody knows takes what the client sent. */
export interface ModelTraits {
  /** Whether it reasons; absent when the name says nothing. */
  readonly reasons?: boolean;
  /** The effort words it takes; absent when the name says nothing. */
  readonly efforts?: readonly Effort[];
  /** True: without an effort it does not reason, so that sampling fields are taken. */
  readonly idleByDefault: boolean;
  /** True: sampling fields are taken when the effort is `none`. */
  readonly samplesWhenIdle: boolean;
  /** True: parts may carry a cache breakpoint. */
  readonly cacheBreakpoints: boolean;
}

const UNKNOWN: ModelTraits = { idleByDefault: false, samplesWhenIdle: false, cacheBreakpoints: false };
const PLAIN: ModelTraits = { ...UNKNOWN, reasons: false };
const CLASSIC: readonly Effort[] = ['low', 'medium', 'high'];

/** Reads the traits of a model from its name, whatever vendor's prefix stands before it. */
export function traitsOfModel(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  if (/^(gpt-3|gpt-4|chatgpt|o1-mini|o1-preview)|^gpt-\d[^/]*-chat/.test(name)) return PLAIN;
  if (/^(o\d|codex-mini)/.test(name)) return { ...UNKNOWN, reasons: true, efforts: CLASSIC };
  const version = /^gpt-(\d+)(?:\.(\d+))?(?![\w.])/.exec(name);
  if (version === null) return UNKNOWN;
  const release = Number(version[1]) * 100 + Number(version[2] ?? 0);
  return {
    reasons: true,
    efforts: effortsOf(release, name),
    idleByDefault: release >= 501 && release <= 504 && !name.includes('codex'),
    samplesWhenIdle: release >= 501,
    cacheBreakpoints: release >= 506,
  };
}

function effortsOf(release: number, name: string): readonly Effort[] {
  if (release < 501) return name.includes('codex') ? CLASSIC : ['minimal', ...CLASSIC];
  if (release < 502) return name.includes('codex-max') ? ['none', ...CLASSIC, 'xhigh'] : ['none', ...CLASSIC];
  return release < 506 ? ['none', ...CLASSIC, 'xhigh'] : ['none', ...CLASSIC, 'xhigh', 'max'];
}
