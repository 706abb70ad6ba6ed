import { invalidRequest } from '../../base/gateway-error.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  Instruction,
  Message,
  ReasoningPart,
  TextPart,
  UserPart,
} from '../canonical/request.ts';
import type { Intent } from '../dialect.ts';
import { readAnswerMedia } from './answer-media.ts';
import { type CallIds, createCallIds } from './call-ids.ts';
import { decodePart } from './decode-parts.ts';
import { asList, expectObject, expectString } from './expect-type.ts';
import { collectExtras } from './extras.ts';
import { useCamelCase } from './field-names.ts';
import { readOutput, readSampling } from './generation-config.ts';
import { readThinking } from './thinking.ts';
import { readToolChoice, readTools } from './tools.ts';

/** Decodes a `generateContent` body; also one for `countTokens`, which may hold the request in a field of its own. */
export function decodeRequest(body: JsonObject, intent: Intent): CanonicalRequest {
  const named = useCamelCase(body);
  const request = expectObject(named.generateContentRequest, 'generateContentRequest') ?? named;
  const config = expectObject(request.generationConfig, 'generationConfig') ?? {};
  const toolConfig = expectObject(request.toolConfig, 'toolConfig');
  const { reasoning, showReasoning } = readThinking(
    expectObject(config.thinkingConfig, 'generationConfig.thinkingConfig'),
  );
  const output = readOutput(config);
  const answerMedia = readAnswerMedia(config);
  const toolChoice = readToolChoice(toolConfig);
  const serviceTier = expectString(request.serviceTier, 'serviceTier');
  const { instructions, rest } = decodeSystem(request.systemInstruction);
  return {
    model: intent.model,
    stream: intent.stream,
    system: instructions,
    messages: decodeContents(request.contents),
    tools: readTools(request.tools),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    sampling: readSampling(config),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(output === undefined ? {} : { output }),
    ...(answerMedia === undefined ? {} : { answerMedia }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...decodeLabels(request.labels),
    answer: { showReasoning },
    extras: collectExtras({ request, config, toolConfig: toolConfig ?? {}, system: rest }),
  };
}

function decodeLabels(labels: Json | undefined): { readonly metadata?: { readonly [key: string]: string } } {
  const entries = Object.entries(expectObject(labels, 'labels') ?? {}).filter(([, value]) => typeof value === 'string');
  return entries.length === 0 ? {} : { metadata: Object.fromEntries(entries) as { [key: string]: string } };
}

/** The instructions, and the parts among them that are no text. */
function decodeSystem(value: Json | undefined): {
  readonly instructions: readonly Instruction[];
  readonly rest: readonly Json[];
} {
  const parts = asList(isObject(value) && value.parts !== undefined ? value.parts : value);
  const texts: TextPart[] = [];
  const rest: Json[] = [];
  parts.forEach((part, index) => {
    if (!isObject(part) && typeof part !== 'string') {
      throw invalidRequest('`systemInstruction.parts` must be a list of parts.', 'systemInstruction.parts');
    }
    const text = isObject(part) ? expectString(part.text, `systemInstruction.parts[${index}].text`) : part;
    if (text !== undefined && text !== '') texts.push({ type: 'text', text });
    else if (text === undefined && Object.keys(part).length > 0) rest.push(part);
  });
  return { instructions: texts.length === 0 ? [] : [{ role: 'system', parts: texts }], rest };
}

function decodeContents(value: Json | undefined): readonly Message[] {
  if (value === undefined || value === null) throw invalidRequest('`contents` is required.', 'contents');
  const ids = createCallIds();
  const turns: Turn[] = [];
  let parts = 0;
  asList(value).forEach((item, turn) => {
    const content = typeof item === 'string' ? { parts: item } : item;
    if (!isObject(content)) throw invalidRequest(`\`contents[${turn}]\` must be an object.`, `contents[${turn}]`);
    parts += decodeContent(content, turn, turns, ids);
  });
  if (parts === 0) throw invalidRequest('`contents` is empty: it must hold at least one turn with parts.', 'contents');
  return turns as readonly Message[];
}

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: (UserPart | AssistantPart)[];
}

const ROLES: { readonly [role: string]: Turn['role'] | undefined } = {
  user: 'user',
  function: 'user',
  tool: 'user',
  model: 'assistant',
  assistant: 'assistant',
  system: 'system',
};

/** Adds a content to the turns; answers how many parts it has. */
function decodeContent(content: JsonObject, turn: number, turns: Turn[], ids: CallIds): number {
  const word = expectString(content.role, `contents[${turn}].role`) || 'user';
  const role = lookUp(ROLES, word);
  if (role === undefined) {
    throw invalidRequest(`\`contents[${turn}].role\` must be user or model, not ${word}.`, `contents[${turn}].role`);
  }
  const isBarePart = content.parts === undefined && Object.keys(content).some((key) => key !== 'role');
  const parts = asList(isBarePart ? content : content.parts);
  parts.forEach((item, part) => {
    const decoded = decodePart(item, role === 'assistant' ? role : 'user', { turn, part }, ids);
    const target = role === 'system' && decoded.side === 'user' ? role : decoded.side;
    for (const one of decoded.parts) {
      if (target !== 'system') addPart(turns, target, one);
      else if (one.type === 'text') addPart(turns, target, one);
    }
  });
  return parts.length;
}

/** Turns of one role in a row are one turn. What a model said in one go comes as many parts when it was streamed. */
function addPart(turns: Turn[], role: Turn['role'], part: UserPart | AssistantPart): void {
  const last = turns[turns.length - 1];
  if (last?.role !== role) {
    turns.push({ role, parts: [part] });
    return;
  }
  const joined = role === 'assistant' ? joinParts(last.parts[last.parts.length - 1], part) : undefined;
  if (joined === undefined) last.parts.push(part);
  else last.parts[last.parts.length - 1] = joined;
}

function joinParts(
  first: UserPart | AssistantPart | undefined,
  second: UserPart | AssistantPart,
): TextPart | ReasoningPart | undefined {
  if (first?.type === 'text' && second.type === 'text' && first.seal === undefined) {
    return { ...second, text: first.text + second.text };
  }
  if (first?.type === 'reasoning' && second.type === 'reasoning' && first.seal === undefined) {
    return { ...second, text: first.text + second.text };
  }
  return undefined;
}
