/** One thing that a translation could not carry, or carried only nearly. */
export interface Loss {
  /** The field in the terms of the dialect it came from, or the code of the rule: `logit_bias`, `tool=web_search`. */
  readonly field: string;
  readonly effect: 'dropped' | 'approximated';
  /** A short sentence for people. */
  readonly reason: string;
}

/** A field that the target cannot carry at all. */
export function dropped(field: string, reason: string): Loss {
  return { field, effect: 'dropped', reason };
}

/** A field that the target carries in another form or with another value. */
export function approximated(field: string, reason: string): Loss {
  return { field, effect: 'approximated', reason };
}
