import type { JsonObject } from '../../base/json.ts';
import type { AssistantPart } from '../canonical/request.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Seal } from '../seal.ts';
import { type PlacedCitation, writeGrounding } from './citations.ts';
import { areWhole, readArguments, writeAnswerMedia, writeOpaque, writeSignature } from './encode-answer-parts.ts';
import { answerFields } from './encode-stream.ts';
import { writeLogprobsResult } from './logprobs.ts';
import { writeFinishReason, writeUsage } from './vocabulary.ts';
import type { WirePart, WireResponse } from './wire.ts';

type Part = WirePart | JsonObject;

/** Encodes a whole answer. One without any part gets an empty text, as clients demand one. */
export function encodeResponse(response: CanonicalResponse, context: AnswerContext): WireResponse {
  const { finish, usage } = response;
  const showThoughts = context.request.answer.showReasoning !== false;
  const isCut = finish.reason === 'length';
  // half a call must not be run
  const told = response.parts.filter(
    (part) => part.type !== 'tool-call' || !isCut || areWhole(part.arguments, part.kind),
  );
  const parts = told.flatMap((part, index) => encodePart(part, told, index, showThoughts));
  return {
    candidates: [
      {
        content: { role: 'model', parts: parts.length === 0 ? [{ text: '' }] : parts },
        finishReason: writeFinishReason(finish),
        ...(finish.explanation === undefined ? {} : { finishMessage: finish.explanation }),
        ...probabilitiesOf(response.parts),
        index: 0,
        ...writeGrounding(...placeCitations(told)),
      },
    ],
    usageMetadata: writeUsage(usage),
    ...answerFields(context),
  };
}

function probabilitiesOf(parts: readonly AssistantPart[]): JsonObject {
  const tokens = parts.flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []));
  return tokens.length === 0 ? {} : writeLogprobsResult(tokens);
}

/** The sources of an answer with where their texts begin in all that is said, and that. */
function placeCitations(parts: readonly AssistantPart[]): [readonly PlacedCitation[], string] {
  const placed: PlacedCitation[] = [];
  let text = '';
  for (const part of parts) {
    if (part.type !== 'text') continue;
    for (const citation of part.citations ?? []) placed.push({ citation, base: text.length });
    text += part.text;
  }
  return [placed, text];
}

function encodePart(
  part: AssistantPart,
  parts: readonly AssistantPart[],
  index: number,
  showThoughts: boolean,
): readonly Part[] {
  switch (part.type) {
    case 'text':
      return part.text === '' && part.seal === undefined ? [] : [{ text: part.text, ...signatureOf(part.seal) }];
    case 'reasoning':
      return encodeThought(part.text, isCarried(parts, index) ? undefined : part.seal, showThoughts);
    case 'tool-call': {
      const before = parts[index - 1];
      const seal = part.seal ?? (before?.type === 'reasoning' ? before.seal : undefined);
      const args = readArguments(part.arguments, part.kind);
      return [{ functionCall: { id: part.callId, name: part.name, args }, ...signatureOf(seal) }];
    }
    case 'media':
      return [writeAnswerMedia(part)].filter((media) => media !== undefined);
    case 'opaque':
      return [writeOpaque(part)].filter((raw) => raw !== undefined);
    default:
      return part satisfies never;
  }
}

/** True when the call after a thought carries its seal: clients keep that one even when they forget thoughts. */
function isCarried(parts: readonly AssistantPart[], index: number): boolean {
  const next = parts[index + 1];
  return next?.type === 'tool-call' && next.seal === undefined;
}

function encodeThought(text: string, seal: Seal | undefined, showThoughts: boolean): readonly Part[] {
  if (!showThoughts) return seal === undefined ? [] : [{ text: '', ...signatureOf(seal) }];
  return text === '' && seal === undefined ? [] : [{ text, thought: true, ...signatureOf(seal) }];
}

function signatureOf(seal: Seal | undefined): { readonly thoughtSignature?: string } {
  return seal === undefined ? {} : { thoughtSignature: writeSignature(seal) };
}
