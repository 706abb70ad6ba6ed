import type { Usage } from '../../base/usage.ts';
import type { Loss } from '../loss.ts';
import type { AssistantPart } from './request.ts';

/** Why a model stopped. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'pause';

/** How an answer ended, with what only some dialects say of it. */
export interface Finish {
  readonly reason: FinishReason;
  /** The upstream's own word. */
  readonly wireReason?: string;
  /** The stop sequence that was met, when that is the reason. */
  readonly stopSequence?: string;
  /** True when the gateway ended the answer there, because the upstream takes no stop sequences. */
  readonly cut?: boolean;
  /** True when `length` means the context window and not the request's own limit. */
  readonly contextWindow?: boolean;
  /** With `content-filter`: the model itself declined. */
  readonly refused?: boolean;
  /** With `pause`: what the upstream wants to be shown to go on. */
  readonly continuationToken?: string;
  /** Why the answer was refused or filtered, in words. */
  readonly explanation?: string;
}

/** A whole answer in the hub form. */
export interface CanonicalResponse {
  readonly messageId?: string;
  readonly model?: string;
  readonly parts: readonly AssistantPart[];
  readonly finish: Finish;
  readonly usage?: Usage;
  readonly losses: readonly Loss[];
}
