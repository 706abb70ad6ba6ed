const MASK_TAIL = 4;

/** A string that never prints itself: in logs, JSON and templates only its mask appears. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself, for the one place that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return maskSecret(this.#value);
  }

  toJSON(): string {
    return maskSecret(this.#value);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return maskSecret(this.#value);
  }
}

/** A secret as people may see it: `sk-…abcd`. Short ones show nothing. */
export function maskSecret(value: string): string {
  if (value.length < MASK_TAIL * 3) return '…';
  const prefix = /^[a-zA-Z]{1,6}[-_]/.exec(value)?.[0] ?? '';
  return `${prefix}…${value.slice(-MASK_TAIL)}`;
}
