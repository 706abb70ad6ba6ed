import type { Json, JsonObject } from '../../base/json.ts';
import type { OpenaiUsage } from '../openai-usage.ts';

/*
 * What the gateway writes in this dialect. What it reads may deviate, so decoders look at plain JSON.
 * Requests: https://platform.openai.com/docs/api-reference/chat/create
 * Answers: https://platform.openai.com/docs/api-reference/chat/object
 * Streams: https://platform.openai.com/docs/api-reference/chat-streaming
 */

/** A part of a message's content. */
export type WirePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail?: string } }
  | { readonly type: 'input_audio'; readonly input_audio: { readonly data: string; readonly format: string } }
  | { readonly type: 'file'; readonly file: WireFile }
  // vLLM, OpenRouter: https://docs.vllm.ai/en/latest/features/multimodal_inputs.html
  | { readonly type: 'video_url'; readonly video_url: { readonly url: string } };

/** A document: its data as a data URL with a name, or the id of an uploaded file. */
export type WireFile = { readonly file_data?: string; readonly filename?: string; readonly file_id?: string };

/** A call the model made. */
export type WireToolCall = {
  readonly id: string;
  readonly type: 'function' | 'custom';
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
  // Gemini's OpenAI surface: https://ai.google.dev/gemini-api/docs/thought-signatures
  readonly extra_content?: WireExtraContent;
};

/** Where Gemini's signature of a call travels. */
export type WireExtraContent = { readonly google: { readonly thought_signature: string } };

/** An image in an answer, as OpenRouter gives it: https://openrouter.ai/docs/features/multimodal/image-generation */
export type WireImage = {
  readonly type: 'image_url';
  readonly index: number;
  readonly image_url: { readonly url: string };
};

/** A source that an answer names: https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat */
export type WireAnnotation = {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly title: string;
    readonly url: string;
  };
};

/** The message of a whole answer. */
export type WireAnswerMessage = {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly refusal: string | null;
  readonly annotations?: readonly WireAnnotation[];
  // DeepSeek: https://api-docs.deepseek.com/guides/reasoning_model
  readonly reasoning_content?: string;
  // OpenRouter: https://openrouter.ai/docs/use-cases/reasoning-tokens
  readonly reasoning?: string;
  readonly reasoning_details?: readonly JsonObject[];
  readonly tool_calls?: readonly WireToolCall[];
  readonly images?: readonly WireImage[];
  readonly audio?: WireAudio;
};

/** Spoken words in an answer. */
export type WireAudio = {
  readonly id: string;
  readonly data: string;
  readonly expires_at: number;
  readonly transcript: string;
};

/** The probabilities of an answer's tokens. */
export type WireLogprobs = { readonly content: readonly JsonObject[]; readonly refusal: null };

/** A whole answer. */
export type WireAnswer = {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: WireAnswerMessage;
      readonly finish_reason: string;
      readonly logprobs: WireLogprobs | null;
    },
  ];
  readonly usage?: OpenaiUsage;
};

/** A tool the model may call. */
export type WireTool =
  | {
      readonly type: 'function';
      readonly function: {
        readonly name: string;
        readonly description?: string;
        readonly parameters: Json;
        readonly strict?: boolean;
      };
      readonly cache_control?: JsonObject;
    }
  | {
      readonly type: 'custom';
      readonly custom: { readonly name: string; readonly description?: string; readonly format?: JsonObject };
    };
