import type { Clock } from '../../base/clock.ts';
import { DIALECT_IDS } from '../../translate/dialect-id.ts';
import { answerEcho, ECHO_MODEL } from '../echo.ts';
import { echoEmbeddings } from '../echo-embeddings.ts';
import type { Provider } from '../provider.ts';

/** Dialects with both halves: a client of any other is translated to the first of them. */
const SPOKEN = DIALECT_IDS.filter((dialect) => dialect !== 'openai-completions');

/** Makes the provider that answers by itself, for trying clients before owning a key. */
export function createEcho(clock: Clock): Provider {
  return {
    id: 'echo',
    title: 'Echo',
    // never called: nothing leaves the machine
    defaultBaseUrl: 'http://echo.invalid',
    endpoints: SPOKEN.map((dialect) => ({ dialect, url: ({ baseUrl }) => baseUrl })),
    sides: { embeddings: () => '' },
    needsCredential: false,
    authorize: () => ({}),
    quirks: () => ({}),
    knownModels: [ECHO_MODEL],
    answerSideLocally: echoEmbeddings,
    answerLocally: (call, signal) => answerEcho(call, clock, signal),
  };
}
