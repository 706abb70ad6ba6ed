import type { Dialect } from '../dialect.ts';

/** The `openai-responses` dialect. */
export const openaiResponses: Dialect = { id: 'openai-responses' };
