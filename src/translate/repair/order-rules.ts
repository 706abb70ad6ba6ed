import type { DialectId } from '../dialect-id.ts';

/** What a target demands of the order and form of a conversation. `repair-messages.ts` makes it so. */
export interface OrderRules {
  /** The conversation must begin with a user turn (O1). */
  readonly startWithUser: boolean;
  /** Turns of one role in a row are merged (O2). */
  readonly mergeTurns: boolean;
  /**
   * A system turn between the others (O7): stays where it is, stays only directly after a user turn, or becomes
   * `<system>…</system>` text of the user turn beside it.
   */
  readonly midSystem: 'keep' | 'keep-after-user' | 'user-text';
  /** An assistant turn at the end (O9): stays, stays with its trailing white space cut, or is followed by a user turn `Continue.` */
  readonly prefill: 'keep' | 'trim' | 'continue';
  /**
   * Earlier thoughts (O14): those with a seal of `dialect` stay, all others go; or all texts stay, for upstreams that want
   * them back as text; or all go.
   */
  readonly reasoning: { readonly keep: 'sealed'; readonly dialect: DialectId } | { readonly keep: 'text' | 'nothing' };
  /** Call ids (O12): `prefix` and `length` make the replacement of an id that does not match `valid`. */
  readonly callId: { readonly valid: RegExp; readonly prefix: string; readonly length: number };
  /** Arguments of function calls must be a JSON object (O13): other text becomes `{"_raw": text}`, empty text `{}`. */
  readonly argumentsAsObject: boolean;
  /** Calls must stand after the text of their turn (O15). */
  readonly callsLast: boolean;
  /** True: media may stand in assistant turns; else it moves to the next user turn (O17). */
  readonly assistantMedia?: boolean;
  /** A short assistant turn stands between tool results and user text (O3, strict chat templates). */
  readonly fillAfterResults: boolean;
  /** What stands for a user turn that would be empty (O8); absent: it may be empty. */
  readonly emptyUserText?: string;
  /** Tools must be defined when the history calls them (2.5): stubs are added. */
  readonly stubTools: boolean;
}
