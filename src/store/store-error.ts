/** The data folder cannot be used as it is. The message is one sentence for people, with what to do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** The words of something thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
