import { isObject, type JsonDraft, type JsonObject } from '../base/json.ts';

/** The sum of two usage objects of one dialect, figure by figure; what is no number is the first one's. */
export function addCounts(a: JsonObject | undefined, b: JsonObject | undefined): JsonObject | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum: JsonDraft = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const earlier = sum[key];
    if (typeof value === 'number') sum[key] = (typeof earlier === 'number' ? earlier : 0) + value;
    else if (isObject(value)) sum[key] = addCounts(isObject(earlier) ? earlier : undefined, value);
    else if (earlier === undefined) sum[key] = value;
  }
  return sum;
}
