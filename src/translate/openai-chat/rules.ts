import type { TargetRules } from '../dialect.ts';
import type { LinkPart } from '../links.ts';
import { readOpenaiModel } from '../models/openai.ts';
import type { OrderRules } from '../repair/order-rules.ts';
import { runsServerTools, type TargetTraits } from '../target.ts';
import { writeTool } from './server-tools.ts';

/** What a chat server demands of a request, by its model and its ways. */
export function rulesFor(model: string, traits: TargetTraits): TargetRules {
  return {
    tools: {
      valid: /^[A-Za-z0-9_-]{1,64}$/,
      invalidCharacter: /[^A-Za-z0-9_-]/,
      maxLength: 64,
      custom: traits.quirks.customTools !== false && readOpenaiModel(model).customTools,
      namespaces: false,
    },
    stops: traits.quirks.maxStops !== 0 && !readOpenaiModel(model).refusesStop,
    ...(runsServerTools(traits) ? { serverTool: (wish) => writeTool(wish, model) } : {}),
    takesLink: (part) => takesLink(part, traits),
    answersWith: { audio: true, image: traits.provider !== 'openai' },
    order: {
      ...orderFor(traits),
      ...(traits.quirks.alternates === true ? TURNS_IN_ORDER : {}),
      ...(isMistralModel(model) ? MISTRAL_ORDER : {}),
    },
  };
}

/** Whether a server fetches what a link of this kind leads to. */
export function takesLink(
  { kind }: Pick<LinkPart, 'kind'>,
  { provider, quirks }: Pick<TargetTraits, 'provider' | 'quirks'>,
): boolean {
  switch (kind) {
    case 'image':
      return quirks.imageUrls !== false;
    case 'document':
      return provider === 'openrouter';
    case 'audio':
      return false;
    case 'video':
      return true;
    default:
      return kind satisfies never;
  }
}

function orderFor(traits: TargetTraits): OrderRules {
  const { quirks, provider } = traits;
  return {
    startWithUser: false,
    mergeTurns: false,
    midSystem: quirks.midSystem === false ? 'user-text' : 'keep',
    prefill: 'keep',
    reasoning: reasoningFor(traits),
    callId: { valid: /^[A-Za-z0-9_-]{1,40}$/, prefix: 'call_', length: 24 },
    // chat templates of open models parse the arguments; OpenAI does not
    argumentsAsObject: provider !== 'openai',
    callsLast: false,
    fillAfterResults: false,
    stubTools: false,
  };
}

function reasoningFor({ quirks }: TargetTraits): OrderRules['reasoning'] {
  return quirks.reasoningBack === undefined ? { keep: 'sealed', dialect: 'openai-chat' } : { keep: 'text' };
}

/** User and assistant by turns, as Perplexity demands. https://docs.perplexity.ai/api-reference/chat-completions-post */
const TURNS_IN_ORDER: Partial<OrderRules> = { startWithUser: true, mergeTurns: true, midSystem: 'user-text' };

/** Mistral's chat template, wherever its models are served. https://docs.mistral.ai/capabilities/function_calling */
const MISTRAL_ORDER: Partial<OrderRules> = {
  ...TURNS_IN_ORDER,
  callId: { valid: /^[A-Za-z0-9]{9}$/, prefix: '', length: 9 },
  fillAfterResults: true,
};

/** True for the name of one of Mistral's models. */
export function isMistralModel(model: string): boolean {
  return /^(open-)?(mistral|mixtral|magistral|ministral|codestral|devstral|pixtral|voxtral)/i.test(
    model.slice(model.lastIndexOf('/') + 1),
  );
}
