import { GatewayError } from '../../base/gateway-error.ts';
import { asNumber, asObject, asString, isObject, tryParseJson } from '../../base/json.ts';
import type { UpstreamFailure } from '../../translate/dialect.ts';
import type { Quirks } from '../../translate/target.ts';
import { bearer } from '../authorize.ts';
import { joinUrl } from '../join-url.ts';
import { listOpenAiModels } from '../list-models.ts';
import type { Provider } from '../provider.ts';
import { openAiSides } from '../side-endpoint.ts';

/** How it deviates in OpenAI's chat dialect. */
export const OPENROUTER_CHAT: Quirks = {
  maxTokensField: 'max_tokens',
  developerRole: false,
  customTools: false,
  reasoningControl: 'reasoning-object',
  reasoningBack: 'reasoning',
  cacheControl: true,
  topK: true,
};

/** OpenRouter. https://openrouter.ai/docs/api-reference/overview */
export const openrouter: Provider = {
  id: 'openrouter',
  title: 'OpenRouter',
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  endpoints: [
    { dialect: 'openai-chat', url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/chat/completions') },
    { dialect: 'openai-responses', url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/responses') },
    { dialect: 'anthropic-messages', url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/messages') },
    {
      dialect: 'openai-completions',
      url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/completions'),
      passesOnly: true,
    },
  ],
  sides: openAiSides(['embeddings']),
  needsCredential: true,
  authorize: bearer,
  quirks: (dialect) => (dialect === 'openai-chat' ? OPENROUTER_CHAT : {}),
  takesBetas: () => true,
  refineError: refineOpenRouterError,
  listModels: (send, account, signal) => listOpenAiModels({ provider: openrouter, send, account, signal }),
};

/** The limits that all models of no price share. https://openrouter.ai/docs/api-reference/limits */
const FREE_LIMIT = /free-models-per-(day|min)/i;

/**
 * Adds what OpenRouter's error says of the provider behind it, and when a limit ends: it repeats its rate-limit headers in the body.
 * https://openrouter.ai/docs/api-reference/errors
 */
function refineOpenRouterError(failure: UpstreamFailure, error: GatewayError): GatewayError {
  const body = tryParseJson(failure.body);
  const metadata = isObject(body) ? asObject(asObject(body.error)?.metadata) : undefined;
  const limit = FREE_LIMIT.exec(error.message);
  if (metadata === undefined && limit === null) return error;
  const resetsAt = Number(asString(asObject(metadata?.headers)?.['X-RateLimit-Reset']) ?? Number.NaN);
  const known = asNumber(error.detail.retryAfterMs);
  const retryAfterMs = known ?? (Number.isFinite(resetsAt) ? Math.max(0, resetsAt - failure.now) : undefined);
  const provider = asString(metadata?.provider_name);
  const message = provider === undefined ? error.message : `${error.message} (provider: ${provider})`;
  const kind = limit?.[1] === 'day' ? 'quota-exhausted' : error.kind;
  return new GatewayError(kind, message, {
    ...error.detail,
    ...(limit === null ? {} : { scope: { type: 'family', family: ':free' } as const }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
