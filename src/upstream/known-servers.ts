import type { JsonObject } from '../base/json.ts';
import type { Quirks } from '../translate/target.ts';
import { hostOf } from './join-url.ts';
import type { Adjusted } from './provider.ts';
import { adjustAlibaba, adjustGroq, adjustMistral } from './server-bodies.ts';

/** A service behind `openai-compatible` whose ways are known. */
export interface KnownServer {
  readonly name: string;
  /** Its host. */
  readonly host: RegExp;
  /** Models that are its own wherever they are served, when the host tells nothing. */
  readonly family?: RegExp;
  quirks(model: string): Quirks;
  /** Makes a body fit where quirks cannot say how. */
  adjust?(body: JsonObject): Adjusted;
}

/** What is safe with a server of which nothing is known. */
const CAUTIOUS: Quirks = {
  maxTokensField: 'max_tokens',
  developerRole: false,
  midSystem: false,
  customTools: false,
};

/** Models of OpenAI itself, offered by others: they refuse `max_tokens`. */
const OPENAI_REASONING = /(?:^|\/)(?:gpt-(?:[5-9]|\d{2})(?!.*oss)|o\d)/;
const XAI_REASONING = /^grok-(?:[4-9]|3-mini)(?!.*non-reasoning)/;

/** Open models that write their thoughts into their answer where nobody takes them out. */
const TAGGING = /deepseek-r1|qwq|minimax-m|magistral-.*gguf/i;
/** Machines at home: what runs there is an open model, behind a server that may know nothing of thoughts. */
const NEARBY =
  /^(?:localhost$|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1\]?$|[^.]+$)|\.(?:local|lan|internal|home\.arpa)$/;

/** Each with the reference its deviations are taken from. */
export const KNOWN_SERVERS: readonly KnownServer[] = [
  // https://learn.microsoft.com/azure/ai-foundry/openai/reference-preview-latest
  { name: 'azure', host: /\.(?:openai\.azure|services\.ai\.azure)\.com$/, quirks: () => ({ customTools: false }) },
  // https://api-docs.deepseek.com/api/create-chat-completion
  {
    name: 'deepseek',
    host: /(?:^|\.)deepseek\.com$/,
    family: /^deepseek-(?:chat|reasoner|v\d)/,
    quirks: () => ({
      ...CAUTIOUS,
      reasoningBack: 'reasoning_content',
      reasoningControl: 'thinking-type',
      outputSchema: false,
    }),
  },
  // https://console.groq.com/docs/openai
  {
    name: 'groq',
    host: /(?:^|\.)groq\.com$/,
    quirks: () => ({ ...CAUTIOUS, refusedFields: ['logprobs', 'top_logprobs', 'logit_bias', 'n'] }),
    adjust: adjustGroq,
  },
  // https://docs.x.ai/docs/guides/reasoning
  {
    name: 'xai',
    host: /(?:^|\.)x\.ai$/,
    family: /^grok-/,
    quirks: (model) => ({
      customTools: false,
      ...(XAI_REASONING.test(model) ? { refusedFields: ['presence_penalty', 'frequency_penalty'], maxStops: 0 } : {}),
      ...(/^grok-3-mini/.test(model) ? {} : { reasoningControl: 'none' }),
    }),
  },
  // https://docs.mistral.ai/api/endpoint/chat
  {
    name: 'mistral',
    host: /(?:^|\.)mistral\.ai$/,
    quirks: () => ({ ...CAUTIOUS, streamUsage: false, refusedFields: ['logit_bias', 'logprobs', 'top_logprobs'] }),
    adjust: adjustMistral,
  },
  // https://platform.moonshot.ai/docs/api/chat
  {
    name: 'moonshot',
    host: /(?:^|\.)moonshot\.(?:ai|cn)$/,
    family: /^kimi-/,
    quirks: () => ({ ...CAUTIOUS, reasoningBack: 'reasoning_content', reasoningControl: 'thinking-type' }),
  },
  // https://platform.minimax.io/docs/api-reference/text-openai-api
  {
    name: 'minimax',
    host: /(?:^|\.)minimaxi?\.(?:io|com)$/,
    family: /^minimax-m/i,
    quirks: () => ({ ...CAUTIOUS, thinkTags: true, reasoningControl: 'none' }),
  },
  // https://www.alibabacloud.com/help/en/model-studio/use-qwen-by-calling-api
  {
    name: 'alibaba',
    host: /dashscope.*\.aliyuncs\.com$/,
    quirks: () => ({ ...CAUTIOUS, reasoningControl: 'thinking-type', topK: true }),
    adjust: adjustAlibaba,
  },
  // https://docs.perplexity.ai/api-reference/chat-completions-post
  { name: 'perplexity', host: /(?:^|\.)perplexity\.ai$/, quirks: () => ({ ...CAUTIOUS, streamUsage: false }) },
];

/** The service at an address, else the one whose family a model is of. */
export function findServer(baseUrl: string | undefined, model: string): KnownServer | undefined {
  const host = hostOf(baseUrl ?? '') ?? '';
  const byHost = KNOWN_SERVERS.find((server) => server.host.test(host));
  return byHost ?? KNOWN_SERVERS.find(({ family }) => family?.test(model));
}

/** How a chat server deviates, as far as its address and the model tell. */
export function quirksOfServer(baseUrl: string | undefined, model: string): Quirks {
  const known = findServer(baseUrl, model)?.quirks(model);
  if (known !== undefined) return known;
  if (!OPENAI_REASONING.test(model)) return tagsThoughts(baseUrl, model) ? { ...CAUTIOUS, thinkTags: true } : CAUTIOUS;
  const { maxTokensField: _, ...rest } = CAUTIOUS;
  return rest;
}

function tagsThoughts(baseUrl: string | undefined, model: string): boolean {
  return TAGGING.test(model) || NEARBY.test(hostOf(baseUrl ?? '') ?? '.');
}
