import type { Quirks } from '../../translate/target.ts';
import { bearer, keyHeader } from '../authorize.ts';
import { hostOf, joinUrl, splitUrl } from '../join-url.ts';
import type { Provider } from '../provider.ts';
import { openAiSides } from '../side-endpoint.ts';
import { adjustZai } from './zai-body.ts';
import { refineZaiError } from './zai-errors.ts';

/** Hosts of the service itself: what is named for one dialect has the other beside it. */
const OWN_HOSTS = new Set(['api.z.ai', 'open.bigmodel.cn']);
const CHAT_PATH = /\/(?:coding\/)?paas(?:\/v\d+)?(?:\/chat\/completions)?$/;
const MESSAGES_PATH = /\/anthropic(?:\/v1)?(?:\/messages)?$/;

/** GLM models that always think and take an effort; older ones have thinking switched on or off. */
const EFFORT_MODEL = /^glm-(?:5\.[3-9]|[6-9])/i;

/** z.ai, and Zhipu's service in China. https://docs.z.ai/api-reference/introduction */
export const zai: Provider = {
  id: 'zai',
  title: 'z.ai',
  defaultBaseUrl: 'https://api.z.ai/api',
  endpoints: [
    {
      dialect: 'openai-chat',
      url: ({ baseUrl }) => chatUrl(baseUrl),
      servedAt: (baseUrl) => !isOnly(baseUrl, MESSAGES_PATH),
    },
    {
      dialect: 'anthropic-messages',
      url: ({ baseUrl }) => messagesUrl(baseUrl),
      servedAt: (baseUrl) => !isOnly(baseUrl, CHAT_PATH),
    },
  ],
  sides: openAiSides(['embeddings', 'images', 'transcriptions'], paasUrl),
  needsCredential: true,
  authorize: (account, dialect) =>
    dialect === 'anthropic-messages' ? { ...bearer(account), ...keyHeader(account, 'x-api-key') } : bearer(account),
  quirks: (dialect, model) => (dialect === 'openai-chat' ? zaiChatQuirks(model) : {}),
  adjusts: (dialect) => dialect === 'openai-chat',
  adjust: (body, dialect, model) =>
    dialect === 'openai-chat' ? adjustZai(body, thinksAlways(model)) : { body, losses: [] },
  refineError: refineZaiError,
  knownModels: [
    'glm-5.3',
    'glm-5.2',
    'glm-5.1',
    'glm-5',
    'glm-4.7',
    'glm-4.6',
    'glm-4.6v',
    'glm-4.5',
    'glm-4.5-air',
    'glm-4.5-flash',
    'glm-4.5v',
  ],
};

/** True for a model that cannot be told not to think. */
export function thinksAlways(model: string): boolean {
  return EFFORT_MODEL.test(model);
}

/** How it deviates in OpenAI's chat dialect. https://docs.z.ai/api-reference/llm/chat-completion */
export function zaiChatQuirks(model: string): Quirks {
  return {
    maxTokensField: 'max_tokens',
    developerRole: false,
    toolChoice: 'auto-only',
    reasoningBack: 'reasoning_content',
    reasoningControl: thinksAlways(model) ? 'effort' : 'thinking-type',
    outputSchema: false,
    customTools: false,
    strictTools: false,
    streamUsage: false,
    maxStops: 1,
    refusedFields: ['presence_penalty', 'frequency_penalty', 'logit_bias', 'seed', 'n', 'logprobs', 'top_logprobs'],
  };
}

function chatUrl(baseUrl: string): string {
  return paasUrl(baseUrl, '/chat/completions') ?? baseUrl;
}

function paasUrl(baseUrl: string, resource: string): string | undefined {
  if (isOnly(baseUrl, MESSAGES_PATH)) return undefined;
  const { path, query } = splitUrl(baseUrl);
  if (CHAT_PATH.test(path)) return joinUrl(/\/paas$/.test(path) ? `${path}/v4${query}` : baseUrl, 'v4', resource);
  return joinUrl(`${rootOf(path)}/paas/v4${query}`, 'v4', resource);
}

function messagesUrl(baseUrl: string): string {
  const { path, query } = splitUrl(baseUrl);
  if (MESSAGES_PATH.test(path)) return joinUrl(baseUrl, 'v1', '/messages');
  return joinUrl(`${rootOf(path)}/anthropic${query}`, 'v1', '/messages');
}

/** What both dialects stand under: `/api` on the service itself, and on a host whose owner named no path. */
function rootOf(path: string): string {
  const root = path.replace(CHAT_PATH, '').replace(MESSAGES_PATH, '');
  return /^[a-z]+:\/\/[^/]+$/i.test(root) ? `${root}/api` : root;
}

/** True when another server's address names one dialect's path: its owner says nothing of the other. */
function isOnly(baseUrl: string, path: RegExp): boolean {
  return path.test(splitUrl(baseUrl).path) && !OWN_HOSTS.has(hostOf(baseUrl) ?? '');
}
