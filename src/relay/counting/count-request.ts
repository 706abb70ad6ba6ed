import type { AssistantPart, CanonicalRequest, UserPart } from '../../translate/canonical/request.ts';
import { mediaTokens } from './media-tokens.ts';
import type { ModelMaker } from './model-maker.ts';
import type { CountText } from './tokenizer.ts';

/** What a request's tokens come from. */
export interface RequestTokens {
  /** Tokens of words, in the model's own measure. */
  readonly text: number;
  /** Tokens of pictures, documents and recordings. */
  readonly media: number;
  /** Characters of base64 and links in the body that stand for those. */
  readonly mediaCharacters: number;
}

/** More characters than this are counted by samples. */
const COUNTED_WHOLE = 1_000_000;
const SAMPLED = 250_000;
const WINDOW = 8_192;
const TOKENS_PER_MESSAGE = 4;

/** Counts a request part by part: every text, the JSON of tools and of what has no text, media by their formulas. */
export function countRequest(request: CanonicalRequest, maker: ModelMaker, countText: CountText): RequestTokens {
  const found: Found = { texts: [], envelopes: 0, media: 0, mediaCharacters: 0, maker };
  for (const instruction of request.system) addTurn(found, instruction.parts);
  for (const message of request.messages) addTurn(found, message.parts);
  for (const tool of request.tools) addJson(found, tool);
  if (request.output !== undefined) addJson(found, request.output);
  const words = countTexts(found.texts, countText) * maker.factor;
  const { media, mediaCharacters, envelopes } = found;
  return { text: words + envelopes * TOKENS_PER_MESSAGE, media, mediaCharacters };
}

interface Found {
  readonly texts: string[];
  readonly maker: ModelMaker;
  envelopes: number;
  media: number;
  mediaCharacters: number;
}

type Part = UserPart | AssistantPart;

function addTurn(found: Found, parts: readonly Part[]): void {
  found.envelopes++;
  for (const part of parts) addPart(found, part);
}

function addPart(found: Found, part: Part): void {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      found.texts.push(part.text);
      return;
    case 'tool-call':
      found.envelopes++;
      found.texts.push(part.name, part.arguments);
      return;
    case 'tool-result':
      found.envelopes++;
      for (const inner of part.parts) addPart(found, inner);
      return;
    case 'media':
      addMedia(found, part);
      return;
    default:
      // what only its own dialect understands is read by the model in some form like this one
      addJson(found, 'raw' in part ? part.raw : part);
  }
}

function addMedia(found: Found, part: Part & { readonly type: 'media' }): void {
  const { source, title, context } = part;
  for (const text of [title, context]) if (text !== undefined) found.texts.push(text);
  if (source.type === 'text') {
    found.texts.push(source.text);
    return;
  }
  found.media += mediaTokens(part, found.maker);
  if (source.type === 'base64') found.mediaCharacters += source.data.length;
}

function addJson(found: Found, value: unknown): void {
  found.envelopes++;
  found.texts.push(JSON.stringify(value) ?? '');
}

function countTexts(texts: readonly string[], countText: CountText): number {
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  if (total <= COUNTED_WHOLE) return texts.reduce((sum, text) => sum + countText(text), 0);
  return countSamples(texts, total, countText);
}

/** Counts every so many windows of the whole, and takes the rest for like them. */
function countSamples(texts: readonly string[], total: number, countText: CountText): number {
  const every = Math.ceil(total / SAMPLED);
  let tokens = 0;
  let counted = 0;
  let window = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += WINDOW) {
      if (window++ % every !== 0) continue;
      const sample = text.slice(at, at + WINDOW);
      tokens += countText(sample);
      counted += sample.length;
    }
  }
  return (tokens / Math.max(1, counted)) * total;
}
