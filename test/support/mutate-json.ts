import fc from 'fast-check';
import { isObject, type Json, type JsonObject, tryParseJson } from '../../src/base/json.ts';

/** One change of a JSON text: where, as a number that any text makes a place of, and what happens there. */
export interface Mutation {
  readonly place: number;
  readonly kind: 'replace' | 'delete' | 'double' | 'borrow' | 'wrap';
  readonly value: Json;
  readonly other: number;
}

/** Values that a careless program puts where they do not belong. */
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    tryParseJson('-12345678901234567890')!,
    '',
    ' ',
    'auto',
    'text',
    '{',
    '\ud800',
    [],
    {},
    [null],
    [[]],
    [{}],
  ),
  fc.constantFrom<Json[]>({ type: 'text' }, { type: 'text', text: 1 }, { type: null }, { role: 'user' }, [
    { type: 'x' },
  ]),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** Some changes of one text. */
export const anyMutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record(
    {
      place: fc.nat(),
      kind: fc.constantFrom(
        'replace' as const,
        'replace' as const,
        'delete' as const,
        'double' as const,
        'borrow' as const,
        'wrap' as const,
      ),
      value: oddValue,
      other: fc.nat(),
    },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 3 },
);

/** A JSON value with changes made to it; its outermost object stays one. */
export function mutate(value: JsonObject, mutations: readonly Mutation[]): JsonObject {
  const copy = structuredClone(value) as { [key: string]: Json };
  for (const mutation of mutations) mutateOnce(copy, mutation);
  return copy;
}

interface Slot {
  readonly owner: { [key: string]: Json } | Json[];
  readonly key: string;
}

function mutateOnce(root: { [key: string]: Json }, { place, kind, value, other }: Mutation): void {
  const slots = listSlots(root);
  const slot = slots[place % Math.max(slots.length, 1)];
  if (slot === undefined) return;
  const { owner, key } = slot;
  const fields = owner as { [key: string]: Json };
  const lender = slots[other % slots.length]!;
  switch (kind) {
    case 'replace':
      fields[key] = structuredClone(value);
      return;
    case 'delete':
      if (Array.isArray(owner)) owner.splice(Number(key), 1);
      else delete fields[key];
      return;
    case 'double':
      if (Array.isArray(owner)) owner.splice(Number(key), 0, structuredClone(fields[key]!));
      return;
    case 'borrow':
      fields[key] = structuredClone((lender.owner as { [key: string]: Json })[lender.key]!);
      return;
    case 'wrap':
      fields[key] = Array.isArray(fields[key]) ? { items: fields[key] } : [fields[key]!];
      return;
    default:
      kind satisfies never;
  }
}

/** Every place in a value where something stands. */
function listSlots(value: Json): Slot[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => [{ owner: value as Json[], key: String(at) }, ...listSlots(item)]);
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => [
    { owner: value as { [key: string]: Json }, key },
    ...listSlots(field ?? null),
  ]);
}
