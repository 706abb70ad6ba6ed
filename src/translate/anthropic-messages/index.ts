import type { Dialect } from '../dialect.ts';

/** The `anthropic-messages` dialect. */
export const anthropicMessages: Dialect = { id: 'anthropic-messages' };
