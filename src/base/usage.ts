/**
 * Tokens of one answer. `input` includes what was read from or written to a cache and what server tools added;
 * `output` includes reasoning. A figure that nobody gave is absent.
 */
export interface Usage {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The part of `cacheWrite` that was written for one hour. */
  readonly cacheWriteHour?: number;
  readonly output?: number;
  readonly reasoning?: number;
  /** True when the gateway counted because the upstream did not. */
  readonly estimated?: boolean;
}

/** The later report over the earlier one: upstreams repeat cumulative figures, so a figure replaces, never adds. */
export function mergeUsage(earlier: Usage | undefined, later: Usage | undefined): Usage | undefined {
  if (earlier === undefined) return later;
  return later === undefined ? earlier : { ...earlier, ...later };
}

/** The sum over several answers. */
export function addUsage(a: Usage, b: Usage): Usage {
  const sum: { -readonly [K in keyof Usage]: Usage[K] } = {};
  for (const key of ['input', 'cacheRead', 'cacheWrite', 'cacheWriteHour', 'output', 'reasoning'] as const) {
    if (a[key] !== undefined || b[key] !== undefined) sum[key] = (a[key] ?? 0) + (b[key] ?? 0);
  }
  if (a.estimated || b.estimated) sum.estimated = true;
  return sum;
}
