import { isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { MediaPart, OpaquePart } from '../canonical/request.ts';
import { type Seal, writeSeal } from '../seal.ts';
import type { WirePart } from './wire.ts';

/** What a client keeps of a seal: this vendor's own as it was, another's in an envelope. */
export function writeSignature(seal: Seal): string {
  return seal.dialect === 'gemini' ? seal.value : writeSeal(seal, 'gemini');
}

/** True when a call's arguments are all there: JSON that is cut off is no object. */
export function areWhole(text: string, kind: 'function' | 'custom'): boolean {
  return kind === 'custom' || isObject(tryParseJson(text));
}

/** The arguments of a call, which are an object in this dialect whatever the model wrote. */
export function readArguments(text: string, kind: 'function' | 'custom'): JsonObject {
  if (kind === 'custom') return { input: text };
  if (text.trim() === '') return {};
  const value = tryParseJson(text);
  return isObject(value) ? value : { _raw: text };
}

/** Media in an answer as a part; `undefined` for what cannot be handed over. */
export function writeAnswerMedia({ source }: MediaPart): WirePart | undefined {
  switch (source.type) {
    case 'base64':
      return { inlineData: { mimeType: source.mimeType, data: source.data } };
    case 'url':
      return {
        fileData: { fileUri: source.url, ...(source.mimeType === undefined ? {} : { mimeType: source.mimeType }) },
      };
    case 'text':
      return { text: source.text };
    case 'file':
      return source.dialect === 'gemini' ? { fileData: { fileUri: source.id } } : undefined;
    default:
      return source satisfies never;
  }
}

/** A part of this dialect as it was; `undefined` for one of another. */
export function writeOpaque(part: OpaquePart): JsonObject | undefined {
  return part.dialect === 'gemini' ? part.raw : undefined;
}
