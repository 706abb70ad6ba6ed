import type { Json, JsonObject } from '../../base/json.ts';
import type { ThinkingLevel } from '../models/gemini.ts';

/** Bytes in a request or an answer, as base64. https://ai.google.dev/api/caching#Blob */
export type WireBlob = { readonly mimeType: string; readonly data: string; readonly displayName?: string };

/** A file by its address: of the Files API, of Cloud Storage, or public. https://ai.google.dev/api/caching#FileData */
export type WireFileData = { readonly fileUri: string; readonly mimeType?: string };

/**
 * A call of a function; `args` is an object. https://ai.google.dev/api/caching#FunctionCall
 * Vertex AI streams arguments in pieces when asked to: `partialArgs` and `willContinue`.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
 */
export type WireFunctionCall = { readonly id?: string; readonly name: string; readonly args?: JsonObject };

/** What a function gave: `output`, or `error` alone. https://ai.google.dev/api/caching#FunctionResponse */
export type WireFunctionResponse = {
  readonly id?: string;
  readonly name: string;
  readonly response: JsonObject;
  readonly parts?: readonly { readonly inlineData: WireBlob }[];
};

/**
 * One part of a turn: exactly one kind of data, with marks beside it. https://ai.google.dev/api/caching#Part
 * `thoughtSignature` proves the thought behind a part: https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export type WirePart = {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly inlineData?: WireBlob;
  readonly fileData?: WireFileData;
  /** Which piece of a video is shown, and how often. https://ai.google.dev/api/caching#VideoMetadata */
  readonly videoMetadata?: JsonObject;
  readonly functionCall?: WireFunctionCall;
  readonly functionResponse?: WireFunctionResponse;
};

/** One turn. https://ai.google.dev/api/caching#Content */
export type WireContent = { readonly role: 'user' | 'model'; readonly parts: readonly (WirePart | JsonObject)[] };

/** How much a Gemini 3 model thinks. */
export type WireThinkingLevel = ThinkingLevel;

/** Budget or level, never both. https://ai.google.dev/api/generate-content#ThinkingConfig */
export type WireThinkingConfig = {
  readonly includeThoughts?: boolean;
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: WireThinkingLevel;
};

/** A function the model may call: `parameters` or `parametersJsonSchema`. https://ai.google.dev/api/caching#FunctionDeclaration */
export type WireFunctionDeclaration = {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: JsonObject;
  readonly parametersJsonSchema?: Json;
};

/** https://ai.google.dev/api/caching#FunctionCallingConfig */
export type WireFunctionCallingConfig = {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED';
  readonly allowedFunctionNames?: readonly string[];
};

/**
 * The tokens of an answer so far; every chunk repeats them. Thoughts are not in `candidatesTokenCount`, tool prompts not in
 * `promptTokenCount`, the cached part is in it. https://ai.google.dev/api/generate-content#UsageMetadata
 */
export type WireUsage = {
  readonly promptTokenCount: number;
  readonly cachedContentTokenCount?: number;
  readonly candidatesTokenCount: number;
  readonly thoughtsTokenCount?: number;
  readonly totalTokenCount: number;
};

/** Why a candidate ended. https://ai.google.dev/api/generate-content#FinishReason */
export const WIRE_FINISH_REASONS = [
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'OTHER',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MALFORMED_FUNCTION_CALL',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'NO_IMAGE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE',
  'MODEL_ARMOR',
  'CONTINUATION',
] as const;
export type WireFinishReason = (typeof WIRE_FINISH_REASONS)[number];

/**
 * An answer, or one chunk of a stream. https://ai.google.dev/api/generate-content#generatecontentresponse
 * SDKs that keep a chat throw its turn away when a chunk has no part, so the last one carries an empty text.
 */
export type WireResponse = {
  readonly candidates: readonly {
    readonly content: WireContent;
    readonly finishReason?: WireFinishReason;
    readonly finishMessage?: string;
    readonly index: number;
  }[];
  readonly usageMetadata?: WireUsage;
  readonly modelVersion: string;
  readonly responseId: string;
};

/** An error in a body or in a stream. https://google.aip.dev/193 and https://cloud.google.com/apis/design/errors */
export type WireError = {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly JsonObject[];
  };
};

/** The types of `details` that are read and written. https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto */
export const DETAIL_TYPES = {
  retryInfo: 'type.googleapis.com/google.rpc.RetryInfo',
  quotaFailure: 'type.googleapis.com/google.rpc.QuotaFailure',
  errorInfo: 'type.googleapis.com/google.rpc.ErrorInfo',
  badRequest: 'type.googleapis.com/google.rpc.BadRequest',
} as const;

/**
 * Signatures that switch the check off, for calls whose own signature is lost.
 * https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
 */
export const SKIP_SIGNATURES: readonly string[] = [
  'skip_thought_signature_validator',
  'context_engineering_is_the_way_to_go',
];
