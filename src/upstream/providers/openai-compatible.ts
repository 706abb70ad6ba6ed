import { GatewayError } from '../../base/gateway-error.ts';
import type { UpstreamFailure } from '../../translate/dialect.ts';
import { bearer, keyHeader } from '../authorize.ts';
import { joinUrl, splitUrl } from '../join-url.ts';
import { findServer, quirksOfServer } from '../known-servers.ts';
import { listOpenAiModels } from '../list-models.ts';
import type { Provider } from '../provider.ts';
import { openAiSides } from '../side-endpoint.ts';

/** Any other server that speaks OpenAI's chat dialect; the Responses dialect only where its owner says so. */
export const openaiCompatible: Provider = {
  id: 'openai-compatible',
  title: 'OpenAI-compatible server',
  endpoints: [
    { dialect: 'openai-chat', url: ({ baseUrl }) => joinUrl(rootOf(baseUrl), 'v1', '/chat/completions') },
    {
      dialect: 'openai-responses',
      url: ({ baseUrl }) => joinUrl(rootOf(baseUrl), 'v1', '/responses'),
      onlyWhenListed: true,
    },
    {
      dialect: 'openai-completions',
      url: ({ baseUrl }) => joinUrl(completionsRoot(rootOf(baseUrl)), 'v1', '/completions'),
      onlyWhenListed: true,
      passesOnly: true,
    },
  ],
  sides: openAiSides(undefined, (baseUrl, path) => joinUrl(rootOf(baseUrl), 'v1', path)),
  needsCredential: false,
  learnsRefusals: true,
  // Azure takes a key only in a header of its own
  authorize: (account) => (isAzure(account.baseUrl) ? keyHeader(account, 'api-key') : bearer(account)),
  quirks: (dialect, model, baseUrl) => (dialect === 'openai-chat' ? quirksOfServer(baseUrl, model) : {}),
  adjusts: (dialect, model, baseUrl) => dialect === 'openai-chat' && findServer(baseUrl, model)?.adjust !== undefined,
  adjust: (body, dialect, model, baseUrl) => {
    const adjust = dialect === 'openai-chat' ? findServer(baseUrl, model)?.adjust : undefined;
    return adjust?.(body, model) ?? { body, losses: [] };
  },
  refineError: refineServerError,
  listModels: (send, account, signal) => listOpenAiModels({ provider: openaiCompatible, send, account, signal }),
};

/** DeepSeek completes texts, and fills in the middle of them, at a root of its own. https://api-docs.deepseek.com/guides/fim_completion */
function completionsRoot(baseUrl: string): string {
  return findServer(baseUrl, '')?.name === 'deepseek' ? 'https://api.deepseek.com/beta' : baseUrl;
}

/** Azure's own address holds OpenAI's API below a path of its own. */
function rootOf(baseUrl: string): string {
  const { path, query } = splitUrl(baseUrl);
  const isBare = /^[a-z]+:\/\/[^/]+$/i.test(path) && isAzure(baseUrl);
  return isBare ? `${path}/openai/v1${query}` : baseUrl;
}

function isAzure(baseUrl: string | undefined): boolean {
  return findServer(baseUrl, '')?.name === 'azure';
}

/**
 * Groq tells a lack of capacity by a status of its own, and a call that its model wrote badly as a fault of the request: another
 * try is often better. https://console.groq.com/docs/errors, https://console.groq.com/docs/tool-use
 */
function refineServerError(failure: UpstreamFailure, error: GatewayError): GatewayError {
  if (error.detail.code === 'tool_use_failed') return new GatewayError('answer-unusable', error.message, error.detail);
  return failure.status === 498 ? new GatewayError('rate-limited', error.message, error.detail) : error;
}
