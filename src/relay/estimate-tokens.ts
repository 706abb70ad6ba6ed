import type { AssistantPart, CanonicalRequest, Message, UserPart } from '../translate/canonical/request.ts';

/** Characters of English and code per token, on the low side so that a client compacts early rather than late. */
const CHARACTERS_PER_TOKEN = 3.6;
/** Other scripts come close to a token a character. */
const WIDE_CHARACTER = /[\u1100-\uffff]/g;
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_IMAGE = 1500;
const TOKENS_PER_DOCUMENT = 4000;

/** Estimates the input tokens of a request: text by its length, everything else by what it usually costs. */
export function estimateTokens(request: CanonicalRequest): number {
  let tokens = 0;
  for (const instruction of request.system) tokens += TOKENS_PER_MESSAGE + sum(instruction.parts.map(estimatePart));
  for (const message of request.messages) tokens += estimateMessage(message);
  for (const tool of request.tools) tokens += TOKENS_PER_MESSAGE + estimateText(JSON.stringify(tool));
  return Math.max(1, Math.ceil(tokens));
}

function estimateMessage(message: Message): number {
  const parts: readonly (UserPart | AssistantPart)[] = message.parts;
  return TOKENS_PER_MESSAGE + sum(parts.map(estimatePart));
}

function estimatePart(part: UserPart | AssistantPart): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return estimateText(part.text);
    case 'tool-call':
      return TOKENS_PER_MESSAGE + estimateText(part.name + part.arguments);
    case 'tool-result':
      return TOKENS_PER_MESSAGE + sum(part.parts.map(estimatePart));
    case 'media':
      if (part.source.type === 'text') return estimateText(part.source.text);
      return part.kind === 'document' ? TOKENS_PER_DOCUMENT : TOKENS_PER_IMAGE;
    case 'opaque':
      return estimateText(JSON.stringify(part.raw));
    default:
      return part satisfies never;
  }
}

function estimateText(text: string): number {
  const wide = text.match(WIDE_CHARACTER)?.length ?? 0;
  return wide + (text.length - wide) / CHARACTERS_PER_TOKEN;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
