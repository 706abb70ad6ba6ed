/** Remembers which optional fields upstreams have refused by name, so that only the first request has to find out. */
export interface RefusalMemory {
  /** What the upstream has refused; absent when that is nothing, or was too long ago. */
  refusedBy(upstream: string, now: number): readonly string[] | undefined;
  note(upstream: string, fields: readonly string[], now: number): void;
}

/** Servers learn with their next version: what they refuse is found out again after this time. */
const KEPT_MS = 24 * 60 * 60 * 1000;
const MOST_KEPT = 1000;

interface Refusals {
  readonly fields: readonly string[];
  readonly until: number;
}

/** Makes an empty memory. It ends with the process, since finding out costs one refused request. */
export function createRefusalMemory(): RefusalMemory {
  const known = new Map<string, Refusals>();
  const find = (upstream: string, now: number) => {
    const refusals = known.get(upstream);
    return refusals === undefined || refusals.until <= now ? undefined : refusals.fields;
  };
  return {
    refusedBy: (upstream, now) => (known.size === 0 ? undefined : find(upstream, now)),
    note: (upstream, fields, now) => {
      if (known.size >= MOST_KEPT) known.clear();
      const all = new Set([...(find(upstream, now) ?? []), ...fields]);
      known.set(upstream, { fields: [...all], until: now + KEPT_MS });
    },
  };
}
