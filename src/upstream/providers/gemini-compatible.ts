import { keyHeader } from '../authorize.ts';
import { baseUrlOf } from '../endpoint.ts';
import { listGeminiModels } from '../list-models.ts';
import type { Provider } from '../provider.ts';
import { geminiSides, generateEndpoint, modelsUrl } from './gemini.ts';

/** Any other server that speaks Gemini's dialect. */
export const geminiCompatible: Provider = {
  id: 'gemini-compatible',
  title: 'Gemini-compatible server',
  endpoints: [generateEndpoint],
  sides: geminiSides,
  needsCredential: false,
  learnsRefusals: true,
  authorize: (account) => keyHeader(account, 'x-goog-api-key'),
  quirks: () => ({}),
  listModels: (send, account, signal) => {
    const query = { provider: geminiCompatible, send, account, signal };
    return listGeminiModels(query, modelsUrl(baseUrlOf(geminiCompatible, account)));
  },
};
