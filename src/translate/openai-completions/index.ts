import type { Dialect } from '../dialect.ts';

/** The `openai-completions` dialect. */
export const openaiCompletions: Dialect = { id: 'openai-completions' };
