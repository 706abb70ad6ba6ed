import type { Account } from '../base/account.ts';
import type { AccountState, Target } from './account-state.ts';
import { familyOf } from './model-family.ts';

/** The one model of the provider `echo`. */
export const ECHO_MODEL = 'trivium-echo';

/** The models an account serves as far as they are known. Gemini's lists put `models/` before each name; requests do not. */
export function modelsOf(account: Account): readonly string[] {
  if (account.provider === 'echo') return [ECHO_MODEL];
  return account.models.map((model) => (model.startsWith('models/') ? model.slice(7) : model));
}

/** True when the account's own list names the model. */
export function lists(account: Account, model: string): boolean {
  if (account.provider === 'echo') return model === ECHO_MODEL;
  return account.models.includes(model) || account.models.includes(`models/${model}`);
}

/**
 * Makes the test for whether an account serves a target at all, whatever its state. One test serves a whole pass over the
 * accounts: it remembers its last answer, since accounts with equal lists share one set.
 */
export function servingTest(target: Target): (state: Pick<AccountState, 'account' | 'served'>) => boolean {
  const family = familyOf(target.model);
  let lastServed: ReadonlySet<string> | undefined;
  let lastListed = false;
  return (state) => {
    const { account } = state;
    if (target.account !== undefined && account.id !== target.account) return false;
    if (target.provider !== undefined && account.provider !== target.provider) return false;
    if (state.served === undefined) {
      if (lists(account, target.model)) return true;
    } else {
      if (state.served !== lastServed) {
        lastServed = state.served;
        lastListed = lastServed.has(target.model);
      }
      if (lastListed) return true;
    }
    return takesUnlisted(account, target, family);
  };
}

function takesUnlisted(account: Account, target: Target, family: readonly string[]): boolean {
  if (account.provider === 'echo') return false;
  const named = target.provider !== undefined || target.account !== undefined;
  if (account.models.length === 0) return named || family.includes(account.provider);
  return named && target.unlisted === true && !account.modelsFixed;
}
