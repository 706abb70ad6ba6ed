import type { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { Usage } from '../base/usage.ts';
import type { Citation } from './canonical/citation.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import type { CanonicalRequest, MediaPart, OpaquePart } from './canonical/request.ts';
import type { CanonicalResponse, Finish } from './canonical/response.ts';
import type { ServerToolWish } from './canonical/server-tool.ts';
import type { DialectId } from './dialect-id.ts';
import type { Edits } from './edit-body.ts';
import type { LinkPart } from './links.ts';
import type { Loss } from './loss.ts';
import type { OrderRules } from './repair/order-rules.ts';
import type { GrantedTool } from './server-tool-fields.ts';
import type { SseFrame } from './stream/sse.ts';
import type { Transducer } from './stream/transducer.ts';
import type { TargetTraits } from './target.ts';
import type { ToolNameRules } from './tool-names.ts';

/** What must be known of a request before it is decoded. */
export interface Intent {
  readonly model: string;
  readonly stream: boolean;
}

/** What both halves of an answer's translation may know. Pure: time and randomness come with it. */
export interface AnswerContext {
  /** The client's own request in canonical form; `model` is the name the client asked for. */
  readonly request: CanonicalRequest;
  /** Seed of every id that the answer needs. */
  readonly exchangeId: string;
  /** Epoch milliseconds at which the answer began. */
  readonly createdAt: number;
  /** The program that asked, where a dialect serves one differently: `codex`, `claude-code`. */
  readonly client?: string;
  /** Estimates the tokens of the request, where an upstream does not tell them in time. Costs by the request's size. */
  readonly estimateInput?: () => number;
}

/** An error as a client of the dialect expects it before a stream began. */
export interface EncodedError {
  readonly status: number;
  readonly body: JsonObject;
}

/** What a writer sends while an upstream is silent: a comment, a frame, or nothing at all. */
export type Heartbeat = 'comment' | 'none' | SseFrame;

/** The half of a codec that speaks with clients. */
export interface ClientCodec {
  /** Decodes a request body. Throws `invalid-request` naming the field in the client's terms. */
  decodeRequest(body: JsonObject, intent: Intent): CanonicalRequest;
  /** True when an answer can name this source. What it cannot is taken out before the answer is encoded, and is a loss. */
  carriesCitation(citation: Citation): boolean;
  /** The same for what a vendor's own tool did. */
  carriesOpaque(part: OpaquePart): boolean;
  /** The same for media. What an answer cannot hold is a loss, and the answer says so in words where it can. */
  carriesMedia(part: MediaPart): boolean;
  encodeResponse(response: CanonicalResponse, context: AnswerContext): JsonObject;
  encodeStream(context: AnswerContext): Transducer<CanonicalEvent, SseFrame>;
  encodeError(error: GatewayError, context?: { readonly requestId?: string }): EncodedError;
  /** The frames that end a stream in an error; `watched` tells what the client has seen of it, `client` which program it is. */
  encodeStreamError(error: GatewayError, watched?: Watched, client?: string): readonly SseFrame[];
  readonly heartbeat: Heartbeat;
}

/** A failed answer of an upstream, read whole. */
export interface UpstreamFailure {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** Epoch milliseconds, to turn reset times into durations. */
  readonly now: number;
}

/** A request body for an upstream, and what it could not carry. */
export interface EncodedRequest {
  readonly body: JsonObject;
  readonly losses: readonly Loss[];
}

/** What can be told of a passed-through stream so far. */
export interface Watched {
  /** True once something the client's user would see, hear or run was in the stream. */
  readonly contentSeen: boolean;
  /** True once the dialect's own last event was seen. */
  readonly ended: boolean;
  readonly usage?: Usage;
  readonly finish?: Finish;
  readonly error?: GatewayError;
  /** The model the upstream says it used. */
  readonly model?: string;
  /** The last `sequence_number`, where the dialect counts its events. */
  readonly sequenceNumber?: number;
  /** The id under which the upstream stores the answer, where the dialect has such a thing and it was not told to store none. */
  readonly storedAs?: string;
  /** The finished answer's object, where its upstream says that it stores none. */
  readonly unstored?: JsonObject;
  /** The answer object of the first event, where the dialect's closing error repeats it. */
  readonly opening?: JsonObject;
}

/** Looks at the frames of a passed-through stream. Cheap: it parses only frames that can change its report. */
export interface StreamWatcher {
  /** Once content was seen, only frames in which one of these texts stands have to be shown, and the last. Absent: all have to be. */
  readonly news?: readonly string[];
  see(frame: SseFrame): void;
  report(): Watched;
}

/** What a target demands of a request. */
export interface TargetRules {
  readonly tools: ToolNameRules;
  readonly order: OrderRules;
  /** False: stop sequences are not sent, and the gateway itself ends the answer at one. */
  readonly stops?: boolean;
  /** What it can answer with besides text. Absent: nothing. */
  readonly answersWith?: { readonly image?: boolean; readonly audio?: boolean };
  /** Whether media may stay a link. What it is false for is sent as data, where links may be followed. Absent: all may. */
  takesLink?(part: LinkPart): boolean;
  /** The target's own tool for what a client asks of another vendor's. Absent, or nothing: the target runs no such tool. */
  serverTool?(wish: ServerToolWish): GrantedTool | undefined;
}

/** A body of a dialect, read no further than is asked for. */
export interface BodyView {
  /** The value of an outermost key. */
  field(key: string): unknown;
  json(): JsonObject;
  /** Whether a text stands anywhere in it; a cheap look at its bytes. */
  includes(text: string): boolean;
}

/** What must be changed in a body before another model than the client named takes it, and what that costs. */
export interface Refitted {
  readonly edits: Edits;
  readonly losses: readonly Loss[];
}

/** Whom a body that passes goes to. */
export interface RefitTarget {
  readonly model: string;
  readonly traits: TargetTraits;
  /** False: the client itself named this model, and what it wrote for it stays as it is. */
  readonly renamed: boolean;
}

/** How a turn that an upstream paused is taken up again. */
export interface Continuation {
  /** False for a request whose answer never pauses, so that nothing of it need be kept. */
  mayPause(body: JsonObject): boolean;
  /** The request that goes on after this turn, made of the one that began it; nothing when it cannot go on. */
  next(body: JsonObject, turn: CanonicalResponse): JsonObject | undefined;
}

/** The half of a codec that speaks with upstreams. */
export interface UpstreamCodec {
  /** What a request must look like before it is encoded for this model and server. */
  rules(model: string, traits: TargetTraits): TargetRules;
  /**
   * Encodes a request that `prepare-request.ts` has made fit for `rules`: names, order, ids and kinds of tools are in order, and
   * parts, tools and extras of other dialects are gone.
   */
  encodeRequest(request: CanonicalRequest, traits: TargetTraits): EncodedRequest;
  /** Fits a body that passes to its model: what the model certainly refuses is changed, and nothing else. */
  refit(body: BodyView, target: RefitTarget): Refitted;
  /** Decodes a whole answer. Throws the error that a 200 body may hold. */
  decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse;
  decodeStream(context: AnswerContext): Transducer<SseFrame, CanonicalEvent>;
  /** Absent: upstreams of this dialect do not pause. */
  readonly continuation?: Continuation;
  decodeError(failure: UpstreamFailure): GatewayError;
  watchStream(): StreamWatcher;
  /** The same report for a whole answer that is passed through. */
  watchResponse(body: JsonObject): Watched;
}

/** What is needed of an upstream whose answers only pass: its errors are read, and its answers looked at. */
export type PassingCodec = Pick<UpstreamCodec, 'decodeError' | 'watchStream' | 'watchResponse'>;

/** Where an answer's choices and its usage stand, in a whole answer and in each chunk. */
export interface ChoiceFields {
  readonly list: string;
  readonly usage: string;
}

/** A wire format with the halves it has. */
export interface Dialect {
  readonly id: DialectId;
  /** Present where one request may get several answers. */
  readonly choices?: ChoiceFields;
  readonly client?: ClientCodec;
  readonly upstream?: UpstreamCodec;
  /** Present where answers of such upstreams can be passed on, though not translated. */
  readonly passing?: PassingCodec;
}
