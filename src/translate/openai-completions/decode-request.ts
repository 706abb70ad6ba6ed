import { invalidRequest } from '../../base/gateway-error.ts';
import { isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { AnswerWishes, CanonicalRequest, Sampling } from '../canonical/request.ts';
import type { Intent } from '../dialect.ts';
import { readEndUser } from '../openai-end-user.ts';
import {
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalString,
  optionalStrings,
  wrongField,
} from '../request-fields.ts';

/**
 * Decodes the body of a legacy completion request: its prompt is one user turn. Throws `invalid-request` for what only a base
 * model can do. https://platform.openai.com/docs/api-reference/completions/create
 */
export function decodeRequest(body: JsonObject, intent: Intent): CanonicalRequest {
  const model = optionalString(body, 'model') ?? intent.model;
  if (model === '') throw wrongField('model', 'the name of a model');
  optionalBoolean(body, 'stream');
  const prompt = readPrompt(body.prompt);
  refuseSuffix(body);
  const endUser = readEndUser(body);
  return {
    model: intent.model === '' ? model : intent.model,
    stream: intent.stream,
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
    tools: [],
    sampling: decodeSampling(body),
    ...(endUser === undefined ? {} : { endUser }),
    answer: decodeWishes(body, prompt),
    extras: decodeExtras(body),
  };
}

function readPrompt(prompt: Json | undefined): string {
  if (typeof prompt === 'string') return prompt;
  if (!Array.isArray(prompt)) throw wrongField('prompt', 'a string, or a list with one string');
  const [only, ...others] = prompt as readonly Json[];
  if (typeof only === 'number' || Array.isArray(only)) {
    throw invalidRequest("'prompt' must be text: token ids mean something to one model only.", 'prompt');
  }
  if (others.length > 0) {
    throw invalidRequest("'prompt' must hold one prompt: send a request for each of several.", 'prompt');
  }
  if (typeof only !== 'string') throw wrongField('prompt', 'a string, or a list with one string');
  return only;
}

function refuseSuffix(body: JsonObject): void {
  const suffix = optionalString(body, 'suffix');
  if (suffix === undefined || suffix === '') return;
  throw invalidRequest(
    "'suffix' is not supported: the models behind this gateway cannot fill in the middle.",
    'suffix',
  );
}

function decodeSampling(body: JsonObject): Sampling {
  const stop = optionalStrings(body, 'stop');
  const fields = {
    maxTokens: optionalNumber(body, 'max_tokens'),
    temperature: optionalNumber(body, 'temperature'),
    topP: optionalNumber(body, 'top_p'),
    presencePenalty: optionalNumber(body, 'presence_penalty'),
    frequencyPenalty: optionalNumber(body, 'frequency_penalty'),
    seed: optionalNumber(body, 'seed'),
    stop: stop?.length === 0 ? undefined : stop,
    n: optionalNumber(body, 'n'),
    logitBias: optionalObject(body, 'logit_bias'),
    logprobs: decodeLogprobs(body),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The most alternatives to a token that other dialects give; this one has a number where they have two fields. */
const MOST_ALTERNATIVES = 20;

function decodeLogprobs(body: JsonObject): Sampling['logprobs'] {
  const top = optionalNumber(body, 'logprobs');
  return top === undefined ? undefined : { top: Math.min(top, MOST_ALTERNATIVES) };
}

function decodeWishes(body: JsonObject, prompt: string): AnswerWishes {
  const options = optionalObject(body, 'stream_options');
  return {
    ...(options?.include_usage === true ? { includeUsage: true } : {}),
    ...(optionalBoolean(body, 'echo') === true ? { echoPrompt: prompt } : {}),
  };
}

const DECODED: ReadonlySet<string> = new Set(
  `model prompt suffix stream stream_options echo user max_tokens temperature top_p presence_penalty frequency_penalty seed stop
  n logit_bias logprobs`.split(/\s+/),
);

/** What is left is told as a loss: so is `best_of`, of which the first answers are given. */
function decodeExtras(body: JsonObject): CanonicalRequest['extras'] {
  const own: JsonDraft = {};
  for (const [field, value] of Object.entries(body)) {
    // a list to choose from that is no longer than what is given leaves no choice
    const choosesNone = field === 'best_of' && typeof value === 'number' && value <= (optionalNumber(body, 'n') ?? 1);
    const isIdle = value === null || value === undefined || choosesNone || isEmpty(value);
    if (!isIdle && !DECODED.has(field)) own[field] = value;
  }
  return Object.keys(own).length === 0 ? {} : { 'openai-completions': own };
}

function isEmpty(value: Json): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
