import type { DialectId } from '../dialect-id.ts';

/** What a target demands of the order and form of a conversation. `repair-messages.ts` makes it so. */
export interface OrderRules {
  /** The conversation must begin with a user turn. */
  readonly startWithUser: boolean;
  /** Turns of one role in a row are merged. */
  readonly mergeTurns: boolean;
  /**
   * A system turn between the others: stays where it is, stays only directly after a user turn, or becomes
   * `<system>…</system>` text of the user turn beside it.
   */
  readonly midSystem: 'keep' | 'keep-after-user' | 'user-text';
  /** An assistant turn at the end: stays, stays with its trailing white space cut, or is followed by a user turn `Continue.` */
  readonly prefill: 'keep' | 'trim' | 'continue';
  /**
   * Earlier thoughts: those with a seal of `dialect` stay, all others go; or all texts stay, for upstreams that want
   * them back as text; or all go.
   */
  readonly reasoning: { readonly keep: 'sealed'; readonly dialect: DialectId } | { readonly keep: 'text' | 'nothing' };
  /** Call ids: `prefix` and `length` make the replacement of an id that does not match `valid`. */
  readonly callId: { readonly valid: RegExp; readonly prefix: string; readonly length: number };
  /** Arguments of function calls must be a JSON object: other text becomes `{"_raw": text}`, empty text `{}`. */
  readonly argumentsAsObject: boolean;
  /** Calls must stand after the text of their turn. */
  readonly callsLast: boolean;
  /** True: media may stand in assistant turns; else it moves to the next user turn. */
  readonly assistantMedia?: boolean;
  /** A short assistant turn stands between tool results and user text (strict chat templates). */
  readonly fillAfterResults: boolean;
  /** What stands for a user turn that would be empty; absent: it may be empty. */
  readonly emptyUserText?: string;
  /** Tools must be defined when the history calls them: stubs are added. */
  readonly stubTools: boolean;
}
