import { GatewayError } from '../../base/gateway-error.ts';
import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, Instruction } from '../canonical/request.ts';
import type { EncodedRequest } from '../dialect.ts';
import { dropped } from '../loss.ts';
import { writeEndUser } from '../openai-end-user.ts';
import { writePromptCache } from '../openai-prompt-cache.ts';
import type { TargetTraits } from '../target.ts';
import { encodeReasoning, encodeSampling, takesSampling } from './encode-controls.ts';
import { encodeInstruction, encodeItems } from './encode-items.ts';
import { encodeOutputFormat } from './encode-output-format.ts';
import { encodeToolFields } from './encode-tools.ts';
import { type Encoding, startEncoding } from './encoding.ts';
import { encodeTier } from './vocabulary.ts';
import { DIALECT } from './wire.ts';

/** Encodes a prepared request. Throws `translation-refused` for what cannot be asked for at all. */
export function encodeRequest(request: CanonicalRequest, traits: TargetTraits): EncodedRequest {
  if ((request.sampling.n ?? 1) > 1) {
    throw new GatewayError('translation-refused', 'The target gives one answer to a request.', { param: 'n' });
  }
  const encoding = startEncoding(request, traits);
  const { text, instruction } = encodeOutputFormat(encoding);
  const sampling = encodeSampling(encoding);
  const body: JsonDraft = {
    ...request.extras[DIALECT],
    model: request.model,
    ...encodeConversation(encoding, instruction),
    ...encodeToolFields(encoding),
    ...sampling,
    reasoning: encodeReasoning(encoding),
    text,
    service_tier: encodeTier(request.serviceTier),
    ...(traits.provider === 'openai'
      ? { ...writePromptCache(request.promptCache), ...writeEndUser(request.endUser) }
      : {}),
    metadata: request.metadata,
    include: includeOf(encoding),
    store: request.answer.store ?? false,
    stream: request.stream,
  };
  for (const [field, value] of Object.entries(body)) if (value === undefined) delete body[field];
  removeRefused(body, encoding);
  return { body, losses: encoding.losses };
}

/** The service refuses an input without items. */
const NOTHING_SAID = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: '.' }] }];

/** Encodes what was said. `added` is a last instruction of our own. */
function encodeConversation(encoding: Encoding, added: string | undefined): JsonObject {
  const { request } = encoding;
  const [first, ...rest] = request.system.filter((instruction) => instruction.parts.some((part) => part.text !== ''));
  const isPlain = first !== undefined && !(encoding.marksCache && first.parts.some((part) => part.cache !== undefined));
  const head = first === undefined || isPlain ? rest : [first, ...rest];
  const instructions = [isPlain ? textOf(first) : undefined, added].filter((text) => text !== undefined);
  const input = [
    ...head.flatMap((instruction) => encodeInstruction(instruction, encoding)),
    ...encodeItems(request.messages, encoding),
  ];
  // a stored prompt or an earlier response may stand for the whole input
  const isElsewhere = input.length === 0 && request.extras[DIALECT] !== undefined;
  return {
    ...(instructions.length === 0 ? {} : { instructions: instructions.join('\n\n') }),
    ...(isElsewhere ? {} : { input: input.length === 0 ? NOTHING_SAID : input }),
  };
}

function textOf(instruction: Instruction): string {
  return instruction.parts
    .map((part) => part.text)
    .filter((text) => text !== '')
    .join('\n\n');
}

function includeOf(encoding: Encoding): readonly string[] | undefined {
  const { request, model } = encoding;
  const include: string[] = [];
  // thoughts of a stateless conversation come back only sealed; a model without thoughts refuses the wish
  if (request.answer.store !== true && model.reasons !== false) include.push('reasoning.encrypted_content');
  if (request.sampling.logprobs !== undefined && takesSampling(encoding)) include.push('message.output_text.logprobs');
  return include.length === 0 ? undefined : include;
}

/** Fields the gateway writes on its own account: nobody loses them. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['store', 'include', 'stream']);

function removeRefused(body: JsonDraft, { quirks, losses }: Encoding): void {
  for (const field of quirks.refusedFields ?? []) {
    if (body[field] === undefined) continue;
    delete body[field];
    if (!OWN_FIELDS.has(field)) losses.push(dropped(field, 'The target refuses this field.'));
  }
}
