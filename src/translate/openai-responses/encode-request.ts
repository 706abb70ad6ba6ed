import { GatewayError } from '../../base/gateway-error.ts';
import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, Instruction, Tool, ToolChoice } from '../canonical/request.ts';
import type { EncodedRequest } from '../dialect.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import type { TargetTraits } from '../target.ts';
import { encodeReasoning, encodeSampling, encodeTextConfig } from './encode-controls.ts';
import { encodeInstruction, encodeItems, type ItemScope } from './encode-items.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { type ModelTraits, traitsOfModel } from './model-traits.ts';
import { encodeTier } from './vocabulary.ts';
import { DIALECT } from './wire.ts';

/** Encodes a prepared request. Throws `translation-refused` for what cannot be asked for at all. */
export function encodeRequest(request: CanonicalRequest, traits: TargetTraits): EncodedRequest {
  if ((request.sampling.n ?? 1) > 1) {
    throw new GatewayError('translation-refused', 'The target gives one answer to a request.', { param: 'n' });
  }
  const losses: Loss[] = [];
  const lose = (loss: Loss) => losses.push(loss);
  const model = traitsOfModel(request.model);
  const sampling = encodeSampling(request, model, lose);
  const include = includeOf(request, model, sampling);
  const body: JsonDraft = {
    ...request.extras[DIALECT],
    model: request.model,
    ...encodeConversation(request, model, traits, lose),
    ...encodeToolFields(request, traits, lose),
    ...sampling,
    ...encodeWishes(request, model, traits, lose),
    ...(include.length === 0 ? {} : { include }),
    store: request.answer.store ?? false,
    stream: request.stream,
  };
  removeRefused(body, traits, lose);
  return { body, losses };
}

type Lose = (loss: Loss) => void;

function encodeConversation(
  request: CanonicalRequest,
  model: ModelTraits,
  traits: TargetTraits,
  lose: Lose,
): JsonObject {
  const scope: ItemScope = {
    marksCache: model.cacheBreakpoints,
    lose,
    instructionRole: traits.quirks.developerRole === false ? 'system' : 'developer',
    thoughtsAsText: traits.quirks.reasoningBack !== undefined,
  };
  const [first, ...rest] = request.system.filter((instruction) => instruction.parts.some((part) => part.text !== ''));
  const plain = first !== undefined && !(scope.marksCache && first.parts.some((part) => part.cache !== undefined));
  const head = first === undefined || plain ? rest : [first, ...rest];
  const input = [
    ...head.flatMap((instruction) => encodeInstruction(instruction, scope)),
    ...encodeItems(request.messages, scope),
  ];
  return plain ? { instructions: textOf(first), input } : { input };
}

function textOf(instruction: Instruction): string {
  return instruction.parts
    .map((part) => part.text)
    .filter((text) => text !== '')
    .join('\n\n');
}

function encodeToolFields(request: CanonicalRequest, traits: TargetTraits, lose: Lose): JsonObject {
  if (request.tools.length === 0) return {};
  const { tools, choice } = choosable(request, traits, lose);
  return {
    tools: encodeTools(tools, traits.quirks.strictTools !== false),
    ...(choice === undefined ? {} : { tool_choice: encodeToolChoice(choice, tools) }),
    ...(request.parallelToolCalls === undefined ? {} : { parallel_tool_calls: request.parallelToolCalls }),
  };
}

interface Choosable {
  readonly tools: readonly Tool[];
  readonly choice: ToolChoice | undefined;
}

function choosable(request: CanonicalRequest, traits: TargetTraits, lose: Lose): Choosable {
  const { tools, toolChoice: choice } = request;
  if (choice === undefined || choice.mode === 'auto' || traits.quirks.toolChoice !== 'auto-only') {
    return { tools, choice };
  }
  lose(approximated('tool_choice', 'The target lets its model choose; no other choice is taken.'));
  const named = choice.mode === 'named' ? tools.filter((tool) => 'name' in tool && tool.name === choice.name) : [];
  return { tools: named.length > 0 ? named : tools, choice: { mode: 'auto' } };
}

function encodeWishes(request: CanonicalRequest, model: ModelTraits, traits: TargetTraits, lose: Lose): JsonObject {
  const reasoning = encodeReasoning(request.reasoning, model, lose);
  const text = encodeTextConfig(request, traits.quirks.outputSchema !== false, lose);
  const tier = encodeTier(request.serviceTier);
  return {
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(text === undefined ? {} : { text }),
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  };
}

function includeOf(request: CanonicalRequest, model: ModelTraits, sampling: JsonObject): readonly string[] {
  // thoughts of a stateless conversation come back only sealed; a model without thoughts refuses the wish
  const sealed = request.answer.store !== true && model.reasons !== false;
  return [
    ...(sealed ? ['reasoning.encrypted_content'] : []),
    ...(sampling.top_logprobs === undefined ? [] : ['message.output_text.logprobs']),
  ];
}

/** Fields the gateway writes on its own account: nobody loses them. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['store', 'include', 'stream']);

function removeRefused(body: JsonDraft, traits: TargetTraits, lose: Lose): void {
  for (const field of traits.quirks.refusedFields ?? []) {
    if (body[field] === undefined) continue;
    delete body[field];
    if (!OWN_FIELDS.has(field)) lose(dropped(field, 'The target refuses this field.'));
  }
}
