import { type Account, PROVIDER_IDS, type ProviderId } from '../base/account.ts';
import type { Target } from './account-state.ts';

/** What the accounts of a provider are used for. */
const DISPATCH_MODES = ['off', 'exclusive', 'pooled', 'fallback'] as const;
export type DispatchMode = (typeof DISPATCH_MODES)[number];

/** The mode of each provider whose owner has chosen one; the others are pooled. */
export type Dispatch = ReadonlyMap<ProviderId, DispatchMode>;

/** Reads the owner's choices, each written as `provider=mode`; what is neither is left out. */
export function readDispatch(choices: readonly string[]): Dispatch {
  const dispatch = new Map<ProviderId, DispatchMode>();
  for (const choice of choices) {
    const [name, word] = choice.split('=');
    const provider = PROVIDER_IDS.find((one) => one === name);
    const mode = DISPATCH_MODES.find((one) => one === word);
    if (provider !== undefined && mode !== undefined) dispatch.set(provider, mode);
  }
  return dispatch;
}

/** The accounts as scheduling is to see them: those of a provider that is off cannot serve, those of a fallback come last. */
export function dispatched(accounts: readonly Account[], dispatch: Dispatch): readonly Account[] {
  if (dispatch.size === 0) return accounts;
  return accounts.map((account) => {
    const mode = dispatch.get(account.provider);
    if (mode === 'off') return { ...account, enabled: false };
    return mode === 'fallback' ? { ...account, fallback: true } : account;
  });
}

/** The targets of a request when a provider takes all of its dialect: that provider alone, under the names that were found, or the one that was asked. */
export function exclusiveTargets(targets: readonly Target[], provider: ProviderId, model: string): readonly Target[] {
  const own = targets.filter((target) => target.provider === provider);
  if (own.length > 0) return own;
  const names = targets.length === 0 ? [model] : [...new Set(targets.map((target) => target.model))];
  return names.map((name) => ({ model: name, provider, unlisted: true }));
}
