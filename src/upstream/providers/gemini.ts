import { keyHeader } from '../authorize.ts';
import { baseUrlOf } from '../endpoint.ts';
import { addQuery, joinUrl, splitUrl } from '../join-url.ts';
import { listGeminiModels } from '../list-models.ts';
import type { Call, Endpoint, Provider, SideEndpoints } from '../provider.ts';

/** A base that goes on into the collection of models, with or without one of them. */
const COLLECTION = /(\/v\d[^/]*)\/models(?:\/[^/]*)?$/;

/** The one endpoint of servers that speak Gemini's dialect. https://ai.google.dev/api/generate-content */
export const generateEndpoint: Endpoint = {
  dialect: 'gemini',
  url: (call) => {
    if (!call.stream) return methodUrl(call, 'generateContent');
    return addQuery(methodUrl(call, 'streamGenerateContent'), 'alt=sse');
  },
  countUrl: (call) => methodUrl(call, 'countTokens'),
};

/** What servers of the dialect can be asked besides conversations. https://ai.google.dev/api/embeddings */
export const geminiSides: SideEndpoints = {
  'embed-content': (call) => methodUrl(call, 'embedContent'),
  'batch-embed-contents': (call) => methodUrl(call, 'batchEmbedContents'),
  'generate-content': (call) => methodUrl(call, 'generateContent'),
};

/** The address of the list of models under a base URL. */
export function modelsUrl(baseUrl: string): string {
  const { path, query } = splitUrl(baseUrl);
  return joinUrl(path.replace(COLLECTION, '$1') + query, 'v1beta', '/models');
}

/** Gemini's developer API. */
export const gemini: Provider = {
  id: 'gemini',
  title: 'Google Gemini',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com',
  endpoints: [generateEndpoint],
  sides: geminiSides,
  needsCredential: true,
  authorize: (account) => keyHeader(account, 'x-goog-api-key'),
  quirks: () => ({}),
  listModels: (send, account, signal) => {
    const query = { provider: gemini, send, account, signal };
    return listGeminiModels(query, modelsUrl(baseUrlOf(gemini, account)));
  },
};

function methodUrl({ baseUrl, model }: Call, method: string): string {
  const { path, query } = splitUrl(modelsUrl(baseUrl));
  // tuned models and others live in collections of their own
  const collection = path.replace(/\/models$/, '');
  const name = /^(?:models|tunedModels|publishers)\//.test(model) ? model : `models/${model}`;
  return `${collection}/${encodePath(name)}:${method}${query}`;
}

function encodePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
