import { asObjects } from '../../base/json.ts';
import type { Continuation } from '../dialect.ts';

/** How a paused turn goes on: with the same request and the token that the turn ended in. https://ai.google.dev/api/generate-content */
export const continuation: Continuation = {
  // what takes so long is done by the vendor's own tools
  mayPause: (body) => asObjects(body.tools).some((tool) => tool.functionDeclarations === undefined),
  next: (body, { finish }) =>
    finish.continuationToken === undefined ? undefined : { ...body, continuationToken: finish.continuationToken },
};
