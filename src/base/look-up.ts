/** The entry of a table, or `undefined`. Keys come from the wire and may bear the name of something that every object has. */
export function lookUp<T>(table: { readonly [key: string]: T }, key: unknown): T | undefined {
  const name = String(key);
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
