import { GatewayError } from '../../base/gateway-error.ts';
import { asNumber, asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';

/** A file inside an answer. */
export type InlineFile = { readonly mimeType: string; readonly data: string };

/** What a Gemini answer holds, thoughts left out. https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse */
export interface GeminiParts {
  readonly text: string;
  readonly files: readonly InlineFile[];
}

/** Endings that tell of what may not be shown. */
const BLOCKED = /SAFETY|PROHIBITED|BLOCKLIST|SPII|RECITATION/;

/** Reads the parts of an answer. Throws `content-blocked` when it holds nothing because it may not. */
export function readParts(answer: JsonObject): GeminiParts {
  const parts = asObjects(answer.candidates).flatMap((candidate) => asObjects(asObject(candidate.content)?.parts));
  const shown = parts.filter((part) => part.thought !== true);
  const text = shown.map((part) => asString(part.text) ?? '').join('');
  const files = shown.flatMap((part) => {
    const file = asObject(part.inlineData);
    const data = asString(file?.data);
    return data === undefined ? [] : [{ data, mimeType: asString(file?.mimeType) ?? '' }];
  });
  if (text === '' && files.length === 0) refuseBlocked(answer);
  return { text, files };
}

function refuseBlocked(answer: JsonObject): void {
  const feedback = asObject(answer.promptFeedback);
  const first = asObjects(answer.candidates)[0];
  const reason = asString(feedback?.blockReason) ?? asString(first?.finishReason) ?? '';
  if (feedback?.blockReason === undefined && !BLOCKED.test(reason)) return;
  const words = asString(feedback?.blockReasonMessage) ?? asString(first?.finishMessage);
  throw new GatewayError('content-blocked', words ?? `The upstream blocked the request (${reason}).`);
}

/** The usage of several answers together, as their metadata tells it. */
export function readGeminiUsage(answers: readonly JsonObject[]): Usage | undefined {
  const told = answers.map((answer) => asObject(answer.usageMetadata)).filter((usage) => usage !== undefined);
  if (told.length === 0) return undefined;
  const sum = (...names: readonly string[]) =>
    told.reduce((total, usage) => total + names.reduce((one, name) => one + (asNumber(usage[name]) ?? 0), 0), 0);
  return { input: sum('promptTokenCount'), output: sum('candidatesTokenCount', 'thoughtsTokenCount') };
}

/** The tokens of one kind of input, by the details of the metadata. */
export function inputTokensOf(answers: readonly JsonObject[], modality: string): number {
  return answers
    .flatMap((answer) => asObjects(asObject(answer.usageMetadata)?.promptTokensDetails))
    .filter((detail) => detail.modality === modality)
    .reduce((total, detail) => total + (asNumber(detail.tokenCount) ?? 0), 0);
}

/** The usage object of OpenAI's image and audio answers. */
export function writeUsage(usage: Usage): JsonObject {
  const { input = 0, output = 0 } = usage;
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}
