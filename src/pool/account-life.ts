import type { Account, Credential } from '../base/account.ts';
import type { AccountState, SavedState } from './account-state.ts';

/** The state of an account that the pool did not know; an earlier run may have. */
export function restoreState(account: Account, saved?: SavedState): AccountState {
  const { account: _, ...known } = saved ?? { account: account.id };
  const state = { strikes: 0, modelStrikes: {}, cooldowns: [], quota: [], ...known, account, inFlight: 0, turns: 0 };
  return { ...state, cooldowns: state.cooldowns.map(({ probedAt: _probe, ...cooldown }) => cooldown) };
}

/** The state under what the owner has set now. Whoever changed how the account is reached starts anew: old trouble may be gone. */
export function mergeAccount(state: AccountState, account: Account): AccountState {
  if (isReachedAnew(state.account, account)) return { ...freshState(state), account };
  if (!hasNewLogin(state.account.credential, account.credential)) return { ...state, account };
  const { trouble: _, ...rest } = state;
  return { ...rest, account };
}

/** The state without strikes, rests and trouble. */
export function freshState(state: AccountState): AccountState {
  const { trouble: _, ...rest } = state;
  return { ...rest, strikes: 0, modelStrikes: {}, cooldowns: [] };
}

function isReachedAnew(before: Account, after: Account): boolean {
  return (
    before.provider !== after.provider ||
    before.baseUrl !== after.baseUrl ||
    before.proxyUrl !== after.proxyUrl ||
    (!before.enabled && after.enabled) ||
    !isSameCredential(before.credential, after.credential)
  );
}

/** True for another key, project or client: limits met before need not hold for it. */
function isSameCredential(before: Credential, after: Credential): boolean {
  if (before === after) return true;
  switch (before.type) {
    case 'none':
      return after.type === 'none';
    case 'api_key':
      return after.type === 'api_key' && before.apiKey.reveal() === after.apiKey.reveal();
    case 'service_account':
      return after.type === 'service_account' && before.json.reveal() === after.json.reveal();
    case 'oauth':
      return after.type === 'oauth' && before.clientId === after.clientId;
    default:
      return before satisfies never;
  }
}

/** True for a new refresh token. Providers replace it by themselves as well, so the account's rests go on. */
function hasNewLogin(before: Credential, after: Credential): boolean {
  if (before.type !== 'oauth' || after.type !== 'oauth') return false;
  return before.refreshToken.reveal() !== after.refreshToken.reveal();
}
