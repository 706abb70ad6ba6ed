import type { JsonObject } from '../base/json.ts';
import type { Quirks } from '../translate/target.ts';
import { hostOf } from './join-url.ts';
import type { Adjusted } from './provider.ts';
import { OLLAMA_CHAT } from './providers/ollama.ts';
import { OPENROUTER_CHAT } from './providers/openrouter.ts';
import { thinksAlways, zaiChatQuirks } from './providers/zai.ts';
import { adjustZai } from './providers/zai-body.ts';
import { adjustAlibaba, adjustGroq, adjustMistral } from './server-bodies.ts';

/** A service behind `openai-compatible` whose ways are known. */
export interface KnownServer {
  readonly name: string;
  /** Its host. */
  readonly host: RegExp;
  /** The port by which a server nearby is known. Absent: the host tells enough. */
  readonly port?: string;
  /** Models that are its own wherever they are served, when the host tells nothing. */
  readonly family?: RegExp;
  quirks(model: string): Quirks;
  /** Makes a body fit where quirks cannot say how. */
  adjust?(body: JsonObject, model: string): Adjusted;
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

/** https://console.groq.com/docs/structured-outputs */
const GROQ_SCHEMAS = /gpt-oss|kimi-k2|llama-4/;
/** Thoughts come raw unless a client asks otherwise. https://console.groq.com/docs/reasoning */
const GROQ_TAGGING = /qwen|deepseek-r1/;

/** Open models that write their thoughts into their answer where nobody takes them out. */
const TAGGING = /deepseek-r1|qwq|minimax-m|magistral-.*gguf/i;
/** Machines at home: what runs there is an open model, behind a server that may know nothing of thoughts. */
const NEARBY =
  /^(?:localhost$|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1\]?$|[^.]+$)|\.(?:local|lan|internal|home\.arpa)$/;

/** Each with the reference its deviations are taken from. */
const KNOWN_SERVERS: readonly KnownServer[] = [
  // https://learn.microsoft.com/azure/ai-foundry/openai/reference-preview-latest
  {
    name: 'azure',
    host: /\.(?:openai|services\.ai|cognitiveservices)\.azure\.com$/,
    quirks: () => ({ customTools: false }),
  },
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
      media: false,
    }),
  },
  // https://console.groq.com/docs/openai
  {
    name: 'groq',
    host: /(?:^|\.)groq\.com$/,
    quirks: (model) => ({
      ...CAUTIOUS,
      refusedFields: ['logprobs', 'top_logprobs', 'logit_bias', 'n'],
      ...(GROQ_SCHEMAS.test(model) ? {} : { outputSchema: false }),
      ...(GROQ_TAGGING.test(model) ? { thinkTags: true } : {}),
    }),
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
  {
    name: 'perplexity',
    host: /(?:^|\.)perplexity\.ai$/,
    quirks: () => ({ ...CAUTIOUS, streamUsage: false, alternates: true }),
  },
  // services that have providers of their own, reached as any other
  { name: 'openrouter', host: /(?:^|\.)openrouter\.ai$/, quirks: () => OPENROUTER_CHAT },
  {
    name: 'zai',
    host: /(?:^|\.)(?:z\.ai|bigmodel\.cn)$/,
    quirks: (model) => zaiChatQuirks(model),
    adjust: (body, model) => adjustZai(body, thinksAlways(model)),
  },
  // https://docs.ollama.com/api/openai-compatibility
  { name: 'ollama', host: NEARBY, port: '11434', quirks: () => OLLAMA_CHAT },
  // https://lmstudio.ai/docs/developer/openai-compat
  {
    name: 'lmstudio',
    host: NEARBY,
    port: '1234',
    quirks: () => ({ ...CAUTIOUS, thinkTags: true, topK: true, imageUrls: false }),
  },
  // https://docs.vllm.ai/en/latest/serving/openai_compatible_server
  { name: 'vllm', host: NEARBY, port: '8000', quirks: () => ({ ...CAUTIOUS, thinkTags: true, topK: true }) },
];

/** The service at an address, else the one whose family a model is of, else the program that listens at such a port nearby. */
export function findServer(baseUrl: string | undefined, model: string): KnownServer | undefined {
  const url = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isAt = ({ host }: KnownServer) => url !== undefined && host.test(url.hostname);
  return (
    KNOWN_SERVERS.find((server) => server.port === undefined && isAt(server)) ??
    KNOWN_SERVERS.find(({ family }) => family?.test(model)) ??
    KNOWN_SERVERS.find((server) => server.port !== undefined && server.port === url?.port && isAt(server))
  );
}

/** How a chat server deviates, as far as its address and the model tell. */
export function quirksOfServer(baseUrl: string | undefined, model: string): Quirks {
  const known = findServer(baseUrl, model)?.quirks(model);
  if (known !== undefined) return known;
  if (!OPENAI_REASONING.test(model)) return tagsThoughts(baseUrl, model) ? { ...CAUTIOUS, thinkTags: true } : CAUTIOUS;
  const { maxTokensField: _, ...rest } = CAUTIOUS;
  return rest;
}

/** How a server of Anthropic's dialect deviates, as far as its address tells. */
export function quirksOfMessagesServer(baseUrl: string | undefined): Quirks {
  return TEXT_ONLY.test(hostOf(baseUrl ?? '') ?? '') ? { media: false } : {};
}

/** https://api-docs.deepseek.com/guides/anthropic_api, https://platform.minimax.io/docs/api-reference/text-anthropic-api */
const TEXT_ONLY = /(?:^|\.)(?:deepseek\.com|minimaxi?\.(?:io|com))$/;

/** Services that hand requests on to Anthropic itself, headers and all. */
const HANDING_ON = /^(?:gateway\.ai\.cloudflare\.com|ai-gateway\.vercel\.sh|anthropic\.helicone\.ai|openrouter\.ai)$/;

/** True for the address of a service that hands requests on to Anthropic, so that what is not final there is known. */
export function leadsToAnthropic(baseUrl: string): boolean {
  return HANDING_ON.test(hostOf(baseUrl) ?? '');
}

function tagsThoughts(baseUrl: string | undefined, model: string): boolean {
  return TAGGING.test(model) || NEARBY.test(hostOf(baseUrl ?? '') ?? '.');
}
