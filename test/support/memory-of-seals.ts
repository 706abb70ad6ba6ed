import type { SealMemory } from '../../src/relay/seal-memory.ts';

/** A memory of thoughts that forgets nothing, and shows what it holds. */
export function memoryOfSeals(): SealMemory & { readonly kept: ReadonlyMap<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    isEmpty: () => kept.size === 0,
    find: (key) => kept.get(key),
    keep: (key, value) => void kept.set(key, value),
  };
}
