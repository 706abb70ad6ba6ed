import type { AccountId } from '../base/account.ts';
import type { ResponseLookup, StoredResponse } from '../translate/stored-response.ts';

/** Which account's upstream made a response, and of which model. */
export interface ResponseOrigin {
  readonly account: AccountId;
  readonly model: string;
}

/**
 * What is remembered of responses: those that were translated as a whole, of those that an upstream stores itself only where.
 * A port that the store fills. What was kept is found by the very next request, and after a restart.
 */
export interface ResponseMemory extends ResponseLookup {
  /** True as long as there is nothing to find. */
  isEmpty(): boolean;
  /** Keeps a response; never throws. */
  keep(stored: StoredResponse): void;
  /** Forgets a response; false when there was none. */
  remove(id: string): boolean;
  /** Remembers who made a response that passed. Never waits and never throws. */
  noteOrigin(id: string, origin: ResponseOrigin): void;
  origin(id: string): ResponseOrigin | undefined;
  forgetOrigin(id: string): void;
}
