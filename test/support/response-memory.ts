import { asObjects, asString, type JsonObject } from '../../src/base/json.ts';
import type { ResponseMemory, ResponseOrigin } from '../../src/relay/response-memory.ts';
import type { StoredResponse } from '../../src/translate/stored-response.ts';

/** A memory of responses without a database, which forgets nothing by itself. */
export function responseMemory(...stored: readonly StoredResponse[]): ResponseMemory {
  const responses = new Map(stored.map((one) => [one.id, one]));
  const origins = new Map<string, ResponseOrigin>();
  return {
    isEmpty: () => responses.size === 0,
    response: (id) => responses.get(id),
    items: (ids) => {
      const all = [...responses.values()].flatMap(({ input, response }) => [...input, ...asObjects(response.output)]);
      const wanted = all.filter((item) => ids.has(asString(item.id) ?? ''));
      return new Map<string, JsonObject>(wanted.map((item) => [String(item.id), item]));
    },
    keep: (one) => void responses.set(one.id, one),
    remove: (id) => responses.delete(id),
    noteOrigin: (id, origin) => void origins.set(id, origin),
    origin: (id) => origins.get(id),
    forgetOrigin: (id) => void origins.delete(id),
  };
}
