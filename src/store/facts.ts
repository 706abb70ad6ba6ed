import { eq } from 'drizzle-orm';
import type { StoreDatabase } from './database.ts';
import { facts } from './schema.ts';

/** What the program has to remember of itself. */
export interface FactStore {
  read(name: string): string | undefined;
  write(name: string, value: string): void;
}

/** Opens the table of facts. */
export function createFactStore(database: StoreDatabase): FactStore {
  const { tables } = database;
  return {
    read: (name) => tables.select().from(facts).where(eq(facts.name, name)).get()?.value,
    write: (name, value) =>
      database.durably(() => {
        tables.insert(facts).values({ name, value }).onConflictDoUpdate({ target: facts.name, set: { value } }).run();
      }),
  };
}
