/** How likely a token was, in natural logarithms, and the likeliest ones at its place. */
export interface TokenLogprob extends TokenChance {
  readonly top: readonly TokenChance[];
}

/** A token and how likely it was; `bytes` are its UTF-8, where the upstream tells them. */
export interface TokenChance {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
}
