import { asString, isObject, type Json, type JsonObject, tryParseJson } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type {
  AssistantPart,
  OpaquePart,
  ReasoningPart,
  ResultPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import { requiredObject, requiredString, wrongField } from '../request-fields.ts';
import { readSeal, type Seal } from '../seal.ts';
import { decodeCacheMark } from './cache-marks.ts';
import { readCitations } from './citations.ts';
import { decodeDocument, decodeImage } from './decode-media.ts';
import { optionalField } from './optional-field.ts';
import { readUse } from './server-tools.ts';

/** The names of the calls so far by their ids, for the results that follow. */
export type CallNames = Map<string, string>;

/** Decodes the content of a system turn or of `system`: text alone. */
export function decodeTextParts(content: Json, path: string): readonly TextPart[] {
  return readBlocks(content, path).map((block, at) => decodeText(block, `${path}[${at}]`));
}

/** Decodes the content of a user turn. */
export function decodeUserParts(content: Json, path: string, names: CallNames): readonly UserPart[] {
  return readBlocks(content, path).flatMap((block, at) => decodeUserBlock(block, `${path}[${at}]`, names));
}

/** Decodes the content of an assistant turn; seals that came in thoughts of their own return to the parts they belong to. */
export function decodeAssistantParts(content: Json, path: string, names: CallNames): readonly AssistantPart[] {
  const parts: AssistantPart[] = [];
  let callSeal: Seal | undefined;
  for (const [at, block] of readBlocks(content, path).entries()) {
    const part = decodeAssistantBlock(block, `${path}[${at}]`);
    if (part.type === 'reasoning' && part.seal?.attach !== undefined) {
      const { attach, ...seal } = part.seal;
      if (part.text !== '') parts.push({ type: 'reasoning', text: part.text });
      if (attach === 'call') callSeal = seal;
      else sealText(parts, seal);
    } else if (part.type === 'tool-call') {
      names.set(part.callId, part.name);
      parts.push(callSeal === undefined ? part : { ...part, seal: callSeal });
      callSeal = undefined;
    } else parts.push(part);
  }
  return parts;
}

function sealText(parts: AssistantPart[], seal: Seal): void {
  const last = parts.at(-1);
  if (last?.type === 'text' && last.seal === undefined) parts[parts.length - 1] = { ...last, seal };
  else parts.push({ type: 'text', text: '', seal });
}

function readBlocks(content: Json, path: string): readonly JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongField(path, 'a string or a list of content blocks');
  return content.map((item: Json, at) => {
    const block = requiredObject(item, `${path}[${at}]`);
    requiredString(block, 'type', `${path}[${at}].type`);
    return block;
  });
}

function decodeUserBlock(block: JsonObject, path: string, names: CallNames): readonly UserPart[] {
  if (block.type === 'tool_result') return [decodeResult(block, path, names)];
  return (lookUp(PLAIN_BLOCKS, block.type) ?? decodeOpaque)(block, path);
}

type BlockDecoder = (block: JsonObject, path: string) => readonly ResultPart[];

/** Blocks that users and tools send; any other is kept as it is. */
const PLAIN_BLOCKS: { readonly [type: string]: BlockDecoder } = {
  text: (block, path) => [decodeText(block, path)],
  image: (block, path) => [decodeImage(block, path)],
  document: decodeDocument,
  search_result: decodeSearchResult,
  tool_reference: decodeToolReference,
};

function decodeText(block: JsonObject, path: string): TextPart {
  return { type: 'text', text: requiredString(block, 'text', `${path}.text`), ...decodeCacheMark(block) };
}

/** Only what a model said may rest on sources; in a user's text they are refused. */
function decodeSaid(block: JsonObject, path: string): TextPart {
  const part = decodeText(block, path);
  if (block.citations === undefined) return part;
  const citations = readCitations(block.citations, part.text.length);
  return citations.length === 0 ? part : { ...part, citations };
}

/** A search result is its source and text: no other dialect has a block for it. */
function decodeSearchResult(block: JsonObject, path: string): readonly TextPart[] {
  const head = [asString(block.title), asString(block.source)].filter((line) => line !== undefined && line !== '');
  const texts = decodeTextParts(block.content ?? [], `${path}.content`).map((part) => part.text);
  const text = [head.join('\n'), ...texts].filter((piece) => piece !== '').join('\n\n');
  return [{ type: 'text', text, ...decodeCacheMark(block) }];
}

/** All tools are loaded for other vendors, so that only the news of it is left to say. */
function decodeToolReference(block: JsonObject, path: string): readonly TextPart[] {
  const name = requiredString(block, 'tool_name', `${path}.tool_name`);
  return [{ type: 'text', text: `Tool loaded: ${name}`, ...decodeCacheMark(block) }];
}

function decodeOpaque(block: JsonObject): readonly [OpaquePart] {
  return [opaqueOf(block)];
}

/** A block that only this dialect understands, with what others may know of it. */
export function opaqueOf(block: JsonObject): OpaquePart {
  const kind = String(block.type);
  return { type: 'opaque', dialect: 'anthropic-messages', kind, raw: block, ...optionalField('use', readUse(block)) };
}

function decodeResult(block: JsonObject, path: string, names: CallNames): ToolResultPart {
  const callId = requiredString(block, 'tool_use_id', `${path}.tool_use_id`);
  const content = block.content ?? [];
  const contentPath = `${path}.content`;
  const parts = readBlocks(content, contentPath).flatMap((inner, at) =>
    (lookUp(PLAIN_BLOCKS, inner.type) ?? decodeOpaque)(inner, `${contentPath}[${at}]`),
  );
  return {
    type: 'tool-result',
    callId,
    kind: 'function',
    ...optionalField('name', names.get(callId)),
    parts,
    ...(block.is_error === true ? { isError: true } : {}),
    ...decodeCacheMark(block),
  };
}

const ASSISTANT_BLOCKS: { readonly [type: string]: (block: JsonObject, path: string) => AssistantPart } = {
  text: decodeSaid,
  image: decodeImage,
  thinking: decodeThinking,
  redacted_thinking: decodeRedacted,
  tool_use: decodeCall,
};

function decodeAssistantBlock(block: JsonObject, path: string): AssistantPart {
  if (block.type === 'document') return decodeDocument(block, path)[0]!;
  return lookUp(ASSISTANT_BLOCKS, block.type)?.(block, path) ?? decodeOpaque(block)[0];
}

function decodeThinking(block: JsonObject): ReasoningPart {
  const text = asString(block.thinking) ?? '';
  const signature = asString(block.signature) ?? '';
  if (signature === '') return { type: 'reasoning', text };
  const seal = readSeal(signature, 'anthropic-messages');
  // an envelope without a value only marks the thought as another vendor's
  return seal.value === '' ? { type: 'reasoning', text } : { type: 'reasoning', text, seal };
}

function decodeRedacted(block: JsonObject, path: string): ReasoningPart {
  const seal = readSeal(requiredString(block, 'data', `${path}.data`), 'anthropic-messages');
  return { type: 'reasoning', text: '', seal: { ...seal, kind: 'redacted' } };
}

function decodeCall(block: JsonObject, path: string): ToolCallPart {
  return {
    type: 'tool-call',
    callId: requiredString(block, 'id', `${path}.id`),
    kind: 'function',
    name: requiredString(block, 'name', `${path}.name`),
    arguments: writeArguments(block.input),
    ...decodeCacheMark(block),
  };
}

/** Arguments are JSON text; an input that is such a text already stays so, and none is an empty object. */
function writeArguments(input: Json | undefined): string {
  if (input === undefined || input === null) return '{}';
  if (typeof input === 'string' && isObject(tryParseJson(input))) return input;
  return JSON.stringify(input);
}
