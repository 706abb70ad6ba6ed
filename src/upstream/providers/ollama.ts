import type { Quirks } from '../../translate/target.ts';
import { bearer } from '../authorize.ts';
import { joinUrl } from '../join-url.ts';
import { listOpenAiModels } from '../list-models.ts';
import type { Endpoint, Provider } from '../provider.ts';
import { openAiSides } from '../side-endpoint.ts';

/** What Ollama does in every dialect: tool choice is ignored, it never fetches an image, and no model reads PDFs. */
const EVERYWHERE: Quirks = { toolChoice: 'auto-only', imageUrls: false, documents: false };

/** What it does in OpenAI's chat dialect besides. */
export const OLLAMA_CHAT: Quirks = {
  ...EVERYWHERE,
  maxTokensField: 'max_tokens',
  developerRole: false,
  midSystem: false,
  customTools: false,
  thinkTags: true,
  topK: true,
};

/** A local Ollama. https://docs.ollama.com/api/openai-compatibility */
export const ollama: Provider = {
  id: 'ollama',
  title: 'Ollama',
  defaultBaseUrl: 'http://localhost:11434',
  endpoints: [
    endpoint('openai-chat', '/chat/completions'),
    endpoint('openai-responses', '/responses'),
    endpoint('anthropic-messages', '/messages'),
    { ...endpoint('openai-completions', '/completions'), passesOnly: true },
  ],
  sides: openAiSides(['embeddings'], (baseUrl, path) => joinUrl(rootOf(baseUrl), 'v1', path)),
  needsCredential: false,
  learnsRefusals: true,
  authorize: bearer,
  quirks: (dialect) => {
    if (dialect === 'openai-chat') return OLLAMA_CHAT;
    return dialect === 'openai-responses' ? { ...EVERYWHERE, customTools: false, developerRole: false } : EVERYWHERE;
  },
  listModels: (send, account, signal) => {
    const rooted = account.baseUrl === undefined ? account : { ...account, baseUrl: rootOf(account.baseUrl) };
    return listOpenAiModels({ provider: ollama, send, account: rooted, signal });
  },
};

function endpoint(dialect: Endpoint['dialect'], resource: string): Endpoint {
  return { dialect, url: ({ baseUrl }) => joinUrl(rootOf(baseUrl), 'v1', resource) };
}

/** Owners often give the address of Ollama's own interface, which lies beside the compatible ones. */
function rootOf(baseUrl: string): string {
  return baseUrl.replace(/\/api\/?$/, '');
}
