import type { GatewayError } from '../../base/gateway-error.ts';
import type { Usage } from '../../base/usage.ts';
import type { Loss } from '../loss.ts';
import type { Seal } from '../seal.ts';
import type { Citation } from './citation.ts';
import type { MediaPart, OpaquePart } from './request.ts';
import type { Finish } from './response.ts';
import type { TokenLogprob } from './token-logprob.ts';

/**
 * One step of an answer. One `message-start` first, but for a `stream-error` before anything else; blocks (text, reasoning, tool
 * call) do not overlap and each start has its end; a `citation` stands in the text that names it; `media` and `opaque` stand between
 * blocks, a `loss` or `logprobs` anywhere; exactly one
 * `message-end` or `stream-error` last.
 * `event-law.ts` mends a decoder's order, so encoders may rely on it.
 */
export type CanonicalEvent =
  | { readonly type: 'message-start'; readonly messageId?: string; readonly model?: string; readonly usage?: Usage }
  | { readonly type: 'text-start'; readonly refusal?: boolean }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'text-end'; readonly seal?: Seal }
  | { readonly type: 'reasoning-start'; readonly raw?: boolean }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'reasoning-end'; readonly seal?: Seal }
  | {
      readonly type: 'tool-call-start';
      readonly callId: string;
      readonly kind: 'function' | 'custom';
      readonly name: string;
      readonly namespace?: string;
      /** Known at the start: the dialect that has seals on calls sends a call with its seal in one piece. */
      readonly seal?: Seal;
    }
  | { readonly type: 'tool-call-delta'; readonly text: string }
  | { readonly type: 'tool-call-end' }
  /** The probabilities of the tokens of the text that comes next. */
  | { readonly type: 'logprobs'; readonly tokens: readonly TokenLogprob[] }
  | { readonly type: 'media'; readonly part: MediaPart }
  | { readonly type: 'opaque'; readonly part: OpaquePart }
  | { readonly type: 'loss'; readonly loss: Loss }
  | { readonly type: 'message-end'; readonly finish: Finish; readonly usage?: Usage }
  | { readonly type: 'stream-error'; readonly error: GatewayError };
