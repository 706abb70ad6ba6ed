import { GatewayError } from '../../base/gateway-error.ts';
import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { EncodedRequest } from '../dialect.ts';
import { approximated, dropped } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { writeEndUser } from '../openai-end-user.ts';
import { writePromptCache } from '../openai-prompt-cache.ts';
import type { TargetTraits } from '../target.ts';
import { encodeAnswerMedia } from './answer-media.ts';
import { LOST_INSTRUCTIONS } from './decode-request.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeOutput } from './encode-output.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeToolFields } from './encode-tools.ts';
import { type Encoding, startEncoding } from './encoding.ts';
import { writeTier } from './vocabulary.ts';

/**
 * Encodes a prepared request for a chat server. Throws `translation-refused` for media that only another provider can open, and
 * for several answers where the server gives one.
 */
export function encodeRequest(request: CanonicalRequest, traits: TargetTraits): EncodedRequest {
  if ((request.sampling.n ?? 1) > 1 && traits.quirks.refusedFields?.includes('n')) {
    throw new GatewayError('translation-refused', 'The target gives one answer to a request.', { param: 'n' });
  }
  const encoding = startEncoding(request, traits);
  const output = encodeOutput(encoding);
  const reasoning = encodeReasoning(encoding);
  const draft: JsonDraft = {
    model: request.model,
    messages: encodeMessages(encoding, output.instruction),
    ...encodeToolFields(encoding),
    ...output.fields,
    ...reasoning,
    ...encodeLimits(encoding),
    ...encodeSampling(encoding, reasoning),
    ...encodeAnswerMedia(encoding),
    ...encodeRest(encoding),
    ...encodeStream(encoding),
  };
  dropRefused(draft, encoding);
  return { body: draft, losses: encoding.losses };
}

function encodeLimits(encoding: Encoding): JsonObject {
  const { request, quirks, official, model } = encoding;
  const { maxTokens, stop } = request.sampling;
  const draft: JsonDraft = {};
  if (maxTokens !== undefined) {
    const field = quirks.maxTokensField ?? (official || model.reasons ? 'max_completion_tokens' : 'max_tokens');
    draft[field] = Math.max(1, clampTokens(maxTokens, encoding.maxOutput, encoding.losses));
  }
  if (stop === undefined || stop.length === 0) return draft;
  const most = quirks.maxStops ?? 4;
  if (stop.length > most)
    encoding.losses.push(approximated('stop', `The target takes ${most} stop sequences at most.`));
  return { ...draft, stop: stop.slice(0, most) };
}

/** Fields that OpenAI's reasoning models refuse; those of the first list are taken while the model does not think. */
const REFUSED_WHILE_THINKING = ['temperature', 'top_p'];
const ALWAYS_REFUSED = ['presence_penalty', 'frequency_penalty', 'logit_bias'];

function encodeSampling(encoding: Encoding, reasoning: JsonObject): JsonObject {
  const { sampling } = encoding.request;
  const draft: JsonDraft = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    logit_bias: sampling.logitBias,
    seed: sampling.seed,
  };
  if (encoding.quirks.topK === true) draft.top_k = sampling.topK;
  if (encoding.model.reasons === true) dropSampling(draft, encoding, reasoning);
  if (sampling.n !== undefined && sampling.n > 1) draft.n = sampling.n;
  return { ...withoutUndefined(draft), ...encodeLogprobs(encoding, reasoning) };
}

/** The most alternatives to a token that can be asked for. */
const MOST_ALTERNATIVES = 20;

function encodeLogprobs(encoding: Encoding, reasoning: JsonObject): JsonObject {
  const { logprobs } = encoding.request.sampling;
  if (logprobs === undefined) return {};
  if (encoding.model.reasons === true && !isIdle(encoding, reasoning)) {
    encoding.losses.push(dropped('logprobs', 'Reasoning models refuse it.'));
    return {};
  }
  if (logprobs.top === undefined) return { logprobs: true };
  return { logprobs: true, top_logprobs: Math.min(logprobs.top, MOST_ALTERNATIVES) };
}

function isIdle({ model }: Encoding, reasoning: JsonObject): boolean {
  const effort = reasoning.reasoning_effort ?? (model.idleByDefault ? 'none' : undefined);
  return effort === 'none' && model.samplesWhenIdle;
}

function dropSampling(draft: JsonDraft, encoding: Encoding, reasoning: JsonObject): void {
  const missed: string[] = [];
  for (const field of isIdle(encoding, reasoning) ? ALWAYS_REFUSED : [...REFUSED_WHILE_THINKING, ...ALWAYS_REFUSED]) {
    const value = draft[field];
    delete draft[field];
    const isDefault = value === (REFUSED_WHILE_THINKING.includes(field) ? 1 : 0);
    if (value !== undefined && !isDefault) missed.push(field);
  }
  if (missed.length > 0) encoding.losses.push(dropped('sampling', `A reasoning model takes no ${missed.join(', ')}.`));
}

function withoutUndefined(draft: JsonDraft): JsonObject {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
}

function encodeRest(encoding: Encoding): JsonObject {
  const { request, model } = encoding;
  const tier = writeTier(request.serviceTier);
  const { [LOST_INSTRUCTIONS]: lostInstructions, ...own } = request.extras['openai-chat'] ?? {};
  if (lostInstructions === true) {
    encoding.losses.push(dropped(LOST_INSTRUCTIONS, 'Instructions hold only text.'));
  }
  if (request.metadata !== undefined) {
    encoding.losses.push(dropped('metadata', 'Chat completions take metadata only for answers that are stored.'));
  }
  return {
    ...(request.verbosity !== undefined && model.customTools ? { verbosity: request.verbosity } : {}),
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...(encoding.official ? { ...writePromptCache(request.promptCache), ...writeEndUser(request.endUser) } : {}),
    ...own,
  };
}

function encodeStream(encoding: Encoding): JsonObject {
  if (!encoding.request.stream) return {};
  // usage is always asked for: the gateway counts even where the client does not
  return encoding.quirks.streamUsage === false
    ? { stream: true }
    : { stream: true, stream_options: { include_usage: true } };
}

function dropRefused(draft: JsonDraft, encoding: Encoding): void {
  for (const field of encoding.quirks.refusedFields ?? []) {
    if (draft[field] === undefined) continue;
    delete draft[field];
    if (field !== 'stream_options') encoding.losses.push(dropped(field, 'The target refuses it.'));
  }
}
