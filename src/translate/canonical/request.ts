import type { Json, JsonObject } from '../../base/json.ts';
import type { DialectId } from '../dialect-id.ts';
import type { Seal } from '../seal.ts';
import type { Citation } from './citation.ts';
import type { ServerToolUse, ServerToolWish } from './server-tool.ts';
import type { TokenLogprob } from './token-logprob.ts';

/**
 * A request in the hub form. Everything is optional that a client may leave out: absent means absent, and an encoder
 * writes nothing for it.
 */
export interface CanonicalRequest {
  /** The name the client asked for; the relay replaces it by the target's before encoding. */
  readonly model: string;
  readonly stream: boolean;
  /** Instructions that stand before the first message. */
  readonly system: readonly Instruction[];
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** False: at most one call in an answer. */
  readonly parallelToolCalls?: boolean;
  readonly sampling: Sampling;
  readonly reasoning?: ReasoningControl;
  readonly output?: OutputFormat;
  readonly verbosity?: 'low' | 'medium' | 'high';
  /** Absent: the answer is text alone. */
  readonly answerMedia?: AnswerMedia;
  readonly serviceTier?: string;
  /** Anthropic's name for a user, in which its own clients put their session: never sent to another vendor. */
  readonly user?: string;
  /** For whom a client of OpenAI asks. */
  readonly endUser?: EndUser;
  readonly metadata?: { readonly [key: string]: string };
  /** OpenAI's own wishes for its prompt cache; no other vendor has them. */
  readonly promptCache?: PromptCache;
  /** What the client wants of the answer's form, not of the model. */
  readonly answer: AnswerWishes;
  /** Fields of one dialect without canonical form. Re-emitted only to that dialect; elsewhere each is a loss. */
  readonly extras: Extras;
}

/** What an answer shall hold besides text. */
export interface AnswerMedia {
  /** Pictures; `aspect` such as `16:9`, `size` such as `2K`. */
  readonly image?: { readonly aspect?: string; readonly size?: string };
  /** Sound, in a voice and a format of the client's vendor. */
  readonly audio?: { readonly voice?: string; readonly format?: string };
}

/** For whom a client asks, in the fields of OpenAI's dialects. */
export interface EndUser {
  readonly name?: string;
  /** A hash that stands for a person, by which OpenAI tells who breaks its rules. */
  readonly safetyId?: string;
}

/** Which requests share a cache, for how long it is kept, and what else the service is told of it. */
export interface PromptCache {
  readonly key?: string;
  readonly retention?: string;
  readonly options?: JsonObject;
}

/** An instruction at the head of a request. */
export interface Instruction {
  readonly role: 'system' | 'developer';
  readonly parts: readonly TextPart[];
}

/** One turn. System and developer turns may stand between the others. */
export type Message = UserMessage | AssistantMessage | SystemMessage;

export interface UserMessage {
  readonly role: 'user';
  readonly parts: readonly UserPart[];
  readonly name?: string;
}

export interface AssistantMessage {
  readonly role: 'assistant';
  readonly parts: readonly AssistantPart[];
  readonly name?: string;
  /** `commentary` or `final_answer` of the Responses dialect. */
  readonly phase?: string;
}

export interface SystemMessage {
  readonly role: 'system' | 'developer';
  readonly parts: readonly TextPart[];
}

export type UserPart = TextPart | MediaPart | ToolResultPart | OpaquePart;
export type AssistantPart = TextPart | MediaPart | ReasoningPart | ToolCallPart | OpaquePart;
export type ResultPart = TextPart | MediaPart | OpaquePart;

/** A wish that the prompt prefix up to here be cached. */
export interface CacheMark {
  readonly ttl?: '5m' | '1h';
}

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  /** Of an answer, when they were asked for. */
  readonly logprobs?: readonly TokenLogprob[];
  /** True for the words with which a model refuses. */
  readonly refusal?: boolean;
  /** The sources of what a model says, in the order in which it named them. */
  readonly citations?: readonly Citation[];
  readonly seal?: Seal;
  readonly cache?: CacheMark;
}

export type MediaKind = 'image' | 'document' | 'audio' | 'video';

export type MediaSource =
  | { readonly type: 'base64'; readonly mimeType: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string; readonly mimeType?: string }
  | { readonly type: 'file'; readonly id: string; readonly dialect: DialectId }
  | { readonly type: 'text'; readonly text: string };

export interface MediaPart {
  readonly type: 'media';
  readonly kind: MediaKind;
  readonly source: MediaSource;
  /** OpenAI's `detail` of an image. */
  readonly detail?: string;
  /** File name of a document. */
  readonly name?: string;
  /** Anthropic's title and context of a document. */
  readonly title?: string;
  readonly context?: string;
  /** True: Anthropic's answers shall say where in the document they rest on it. */
  readonly cites?: true;
  /** Gemini's wish which piece of a video is shown, and how often. */
  readonly clip?: JsonObject;
  readonly cache?: CacheMark;
}

/** What a model thought. Text may be empty when only the seal was shown. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
  /** True for the thoughts themselves, as open models show them; else their vendor has summed them up. */
  readonly raw?: boolean;
  readonly seal?: Seal;
}

/** A call the model made. `arguments` is text and stays so: JSON for a function, anything for a custom tool. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly kind: 'function' | 'custom';
  readonly name: string;
  readonly namespace?: string;
  readonly arguments: string;
  readonly seal?: Seal;
  readonly cache?: CacheMark;
}

/** What a call gave. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly kind: 'function' | 'custom';
  /** The tool's name, where the dialect says it or the call is known. */
  readonly name?: string;
  readonly parts: readonly ResultPart[];
  readonly isError?: boolean;
  readonly cache?: CacheMark;
}

/** A part that only its own dialect understands; `kind` is its wire type. */
export interface OpaquePart {
  readonly type: 'opaque';
  readonly dialect: DialectId;
  readonly kind: string;
  readonly raw: JsonObject;
  /** What it tells of a tool that other vendors have too. */
  readonly use?: ServerToolUse;
}

export type Tool = FunctionTool | CustomTool | OpaqueTool;

export interface FunctionTool {
  readonly kind: 'function';
  readonly name: string;
  readonly namespace?: string;
  readonly description?: string;
  /** JSON Schema of the arguments as the client wrote it. Absent: no arguments. */
  readonly schema?: Json;
  readonly strict?: boolean;
  /** True for a client's search among its own tools, which the Responses dialect tells in items of their own. */
  readonly searchesTools?: true;
  readonly cache?: CacheMark;
}

/** A tool whose input is free text, optionally under a grammar. */
export interface CustomTool {
  readonly kind: 'custom';
  readonly name: string;
  readonly namespace?: string;
  readonly description?: string;
  readonly format?: JsonObject;
}

/** A server tool or other special tool of one dialect; `type` is its wire type. */
export interface OpaqueTool {
  readonly kind: 'opaque';
  readonly dialect: DialectId;
  readonly type: string;
  readonly name?: string;
  readonly raw: JsonObject;
  /** What it asks for, where other vendors have such a tool too. */
  readonly wish?: ServerToolWish;
  /** The function it amounts to for models of other vendors, for a tool that the client runs itself. */
  readonly asFunction?: FunctionTool;
}

/** Which tools the model may or must use. `names` are canonical names, `namespace__name` for namespaced ones. */
export type ToolChoice =
  | { readonly mode: 'auto' | 'none' | 'required' | 'validated' }
  | { readonly mode: 'named'; readonly name: string; readonly namespace?: string }
  | { readonly mode: 'allowed'; readonly names: readonly string[]; readonly must: boolean };

export interface Sampling {
  /** Tokens, reasoning included. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** Answers wanted; more than one only in passthrough or where the target has it. */
  readonly n?: number;
  readonly logitBias?: JsonObject;
  /** Present: token probabilities are wanted, with so many alternatives. */
  readonly logprobs?: { readonly top?: number };
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How much the model shall think, and what of it is shown. */
export interface ReasoningControl {
  /** `off`, `on` with `budget` or `effort`, or left to the model. */
  readonly mode?: 'off' | 'on' | 'auto';
  readonly effort?: Effort;
  /** Tokens; only models of some generations take it. */
  readonly budget?: number;
  readonly display?: 'omitted' | 'summary' | 'full';
  /** The Responses dialect's wish: `auto`, `concise`, `detailed`. */
  readonly summary?: string;
}

export type OutputFormat =
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema';
      readonly schema: Json;
      readonly name?: string;
      readonly strict?: boolean;
      readonly description?: string;
    }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

/** Wishes about the form of the answer. */
export interface AnswerWishes {
  /** Chat: the usage chunk of a stream was asked for. */
  readonly includeUsage?: boolean;
  /** Chat: reasoning is wanted as `reasoning` and `reasoning_details`, as OpenRouter does. */
  readonly reasoningDetails?: boolean;
  /** Anthropic, Gemini: thoughts may be shown. */
  readonly showReasoning?: boolean;
  /** Responses: the response is to be kept for a later turn. */
  readonly store?: boolean;
  readonly previousResponseId?: string;
  /** Legacy completions: the prompt is repeated before the text. */
  readonly echoPrompt?: string;
  /** Responses: request fields which its response objects repeat. */
  readonly repeated?: JsonObject;
}

export type Extras = { readonly [D in DialectId]?: JsonObject };

/** A request with nothing in it but the model, for answers whose request is not known. */
export function emptyRequest(model: string, stream: boolean): CanonicalRequest {
  return { model, stream, system: [], messages: [], tools: [], sampling: {}, answer: {}, extras: {} };
}
