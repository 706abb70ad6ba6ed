import { bearer, keyHeader } from '../authorize.ts';
import { leadsToAnthropic, quirksOfMessagesServer } from '../known-servers.ts';
import { listAnthropicModels } from '../list-models.ts';
import type { Provider } from '../provider.ts';
import { messagesEndpoint } from './anthropic.ts';

/** Any other server that speaks Anthropic's dialect. */
export const anthropicCompatible: Provider = {
  id: 'anthropic-compatible',
  title: 'Anthropic-compatible server',
  endpoints: [messagesEndpoint],
  needsCredential: false,
  // some of them read the one header, some the other
  authorize: (account) => ({ ...bearer(account), ...keyHeader(account, 'x-api-key') }),
  takesBetas: leadsToAnthropic,
  quirks: (_dialect, _model, baseUrl) => quirksOfMessagesServer(baseUrl),
  listModels: (send, account, signal) => listAnthropicModels({ provider: anthropicCompatible, send, account, signal }),
};
