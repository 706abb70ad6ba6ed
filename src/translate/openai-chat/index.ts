import type { Dialect } from '../dialect.ts';

/** The `openai-chat` dialect. */
export const openaiChat: Dialect = { id: 'openai-chat' };
