import { keyHeader } from '../authorize.ts';
import { joinUrl } from '../join-url.ts';
import { listAnthropicModels } from '../list-models.ts';
import type { Endpoint, Provider } from '../provider.ts';

/** The one endpoint of servers that speak Anthropic's dialect. https://docs.claude.com/en/api/messages */
export const messagesEndpoint: Endpoint = {
  dialect: 'anthropic-messages',
  url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/messages'),
  countUrl: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/messages/count_tokens'),
};

/** Without it access tokens are not taken. */
const OAUTH_BETA = 'oauth-2025-04-20';

/** Anthropic. */
export const anthropic: Provider = {
  id: 'anthropic',
  title: 'Anthropic',
  defaultBaseUrl: 'https://api.anthropic.com',
  endpoints: [messagesEndpoint],
  needsCredential: true,
  authorize: (account) => {
    const headers = keyHeader(account, 'x-api-key');
    return account.credential.type === 'oauth' ? { ...headers, 'anthropic-beta': OAUTH_BETA } : headers;
  },
  quirks: () => ({}),
  listModels: (send, account, signal) => listAnthropicModels({ provider: anthropic, send, account, signal }),
};
