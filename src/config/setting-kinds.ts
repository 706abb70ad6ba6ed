import { Secret } from '../base/secret.ts';

/** How a form asks for a value of this kind. */
export type SettingForm =
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly whole: boolean }
  | { readonly type: 'boolean' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'list' }
  | { readonly type: 'text' };

/** What values a setting takes. */
export interface SettingKind<T> {
  readonly form: SettingForm;
  /** Completes the sentence "it must be …". */
  readonly allowed: string;
  /** Reads text of a flag, the environment or a form, or a JSON value; `undefined` when it is not allowed. */
  read(raw: unknown): T | undefined;
}

/** A whole number within limits, both included. */
export function wholeNumber(min: number, max: number, remark = ''): SettingKind<number> {
  return {
    form: { type: 'number', min, max, whole: true },
    allowed: `a whole number from ${min} to ${max}${remark}`,
    read: (raw) => {
      const value = readNumber(raw);
      return value !== undefined && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
    },
  };
}

/** A number of seconds within limits, both included; fractions are fine. */
export function seconds(min: number, max: number): SettingKind<number> {
  return {
    form: { type: 'number', min, max, whole: false },
    allowed: `a number of seconds from ${min} to ${max}`,
    read: (raw) => {
      const value = readNumber(raw);
      return value !== undefined && value >= min && value <= max ? value : undefined;
    },
  };
}

/** Yes or no. */
export function yesOrNo(): SettingKind<boolean> {
  return {
    form: { type: 'boolean' },
    allowed: 'true or false',
    read: (raw) => {
      if (typeof raw === 'boolean') return raw;
      if (typeof raw !== 'string') return undefined;
      const word = raw.trim().toLowerCase();
      if (['true', '1', 'yes', 'on'].includes(word)) return true;
      return ['false', '0', 'no', 'off'].includes(word) ? false : undefined;
    },
  };
}

/** One of a few words. */
export function choice<const C extends string>(choices: readonly C[]): SettingKind<C> {
  return {
    form: { type: 'choice', choices },
    allowed: `one of ${choices.join(', ')}`,
    read: (raw) => choices.find((word) => typeof raw === 'string' && word === raw.trim()),
  };
}

/** Words, each of which `normalise` accepts; as text they are separated by commas or spaces. */
export function list(allowed: string, normalise: (word: string) => string | undefined): SettingKind<readonly string[]> {
  return {
    form: { type: 'list' },
    allowed,
    read: (raw) => {
      const words = typeof raw === 'string' ? raw.split(/[\s,]+/).filter((word) => word !== '') : raw;
      if (!Array.isArray(words)) return undefined;
      const read = words.map((word) => (typeof word === 'string' ? normalise(word.trim()) : undefined));
      return read.every((word) => word !== undefined) ? [...new Set(read)] : undefined;
    },
  };
}

/** Text that `normalise` accepts. */
export function text(allowed: string, normalise: (text: string) => string | undefined): SettingKind<string> {
  return {
    form: { type: 'text' },
    allowed,
    read: (raw) => (typeof raw === 'string' ? normalise(raw) : undefined),
  };
}

/** Text that `accepts` accepts and that is never shown. */
export function secretText(allowed: string, accepts: (text: string) => boolean): SettingKind<Secret> {
  return {
    form: { type: 'text' },
    allowed,
    read: (raw) => {
      const value = raw instanceof Secret ? raw.reveal() : raw;
      return typeof value === 'string' && accepts(value) ? new Secret(value) : undefined;
    },
  };
}

function readNumber(raw: unknown): number | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined;
  if (typeof raw !== 'string' || !/^-?\d+(\.\d+)?$/.test(raw.trim())) return undefined;
  return Number(raw.trim());
}
