import type { Dialect } from '../dialect.ts';

/** The `gemini` dialect. */
export const gemini: Dialect = { id: 'gemini' };
