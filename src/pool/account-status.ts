import type { Account } from '../base/account.ts';
import type { ErrorKind } from '../base/gateway-error.ts';
import type { AccountState, Cooldown } from './account-state.ts';
import { budgetEnds, reservedQuota } from './allowance.ts';
import { causeOf } from './refusal-words.ts';
import { concerns, isOfFamily, strikeKey } from './rest-scope.ts';
import { modelsOf } from './served-models.ts';

/** How an account fares, as its owner sees it. Times are epoch milliseconds. */
export interface AccountStatus {
  readonly state: 'ready' | 'cooling' | 'exhausted' | 'invalid' | 'forbidden' | 'disabled';
  readonly reason?: string;
  readonly since?: number;
  readonly until?: number;
  /** What the owner can do; absent when there is nothing to do. */
  readonly advice?: string;
  /** Models that rest. */
  readonly models: readonly ModelStatus[];
}

/** How one model of an account fares. */
export interface ModelStatus {
  readonly model: string;
  readonly state: 'cooling' | 'exhausted';
  readonly until: number;
}

const WAIT_OR_ADD =
  'Nothing to do: requests go to other accounts until then. If it happens often, add an account or limit the requests at a time.';
const CHECK_SERVICE = 'It is tried again by itself. If it goes on, look at the status page of the provider.';
const CHECK_ADDRESS = 'It is tried again by itself. If it goes on, check the base URL, the proxy and the network.';

const REST_ADVICE: Partial<Record<ErrorKind, string>> = {
  'rate-limited': WAIT_OR_ADD,
  'quota-exhausted':
    'Wait for the reset, or raise the limit or add credit at the provider and then press "Clear cooldown".',
  'upstream-model-unknown': 'Check the name of the model, and whether the account may use it.',
  'upstream-unreachable': CHECK_ADDRESS,
  'upstream-timeout': CHECK_ADDRESS,
  'credential-rejected': 'It is tried once more by itself. If the credential is refused again, sign in anew.',
};

/** Tells how an account fares, why, since when, until when, and what its owner can do about it. */
export function accountStatus(state: AccountState, now: number): AccountStatus {
  const resting = state.cooldowns.filter((cooldown) => cooldown.until > now);
  const models = resting.flatMap((cooldown) => modelStatus(state.account, cooldown));
  if (!state.account.enabled) {
    const reason = 'switched off by its owner';
    return { state: 'disabled', reason, advice: 'Switch the account on to use it.', models };
  }
  if (state.trouble !== undefined) {
    const { state: name, since, reason } = state.trouble;
    return { state: name, reason, since, advice: troubleAdvice(state), models };
  }
  const rest = restOfAll(state, resting);
  if (rest === undefined) return heldBack(state, models, now) ?? { state: 'ready', ...partlyResting(models), models };
  const { since, until, kind, reason } = rest;
  return {
    state: stateOf(kind),
    reason: `${causeOf(kind)}: ${reason}`,
    since,
    until,
    advice: REST_ADVICE[kind] ?? CHECK_SERVICE,
    models,
  };
}

function modelStatus(account: Account, { model, family, kind, until }: Cooldown): readonly ModelStatus[] {
  if (model !== undefined) return [{ model, state: stateOf(kind), until }];
  if (family === undefined) return [];
  const known = modelsOf(account).filter((one) => isOfFamily(one, family));
  // of an account whose models are not known only the family can be told
  const named = known.length === 0 ? [`*${family}*`] : known;
  return named.map((one) => ({ model: one, state: stateOf(kind), until }));
}

/** The rest of the whole account; the one that ends first when each of its known models rests by itself. */
function restOfAll(state: AccountState, resting: readonly Cooldown[]): Cooldown | undefined {
  const whole = resting.find((cooldown) => strikeKey(cooldown) === undefined);
  if (whole !== undefined) return whole;
  const models = modelsOf(state.account);
  const rests = models.map((model) => resting.find((cooldown) => concerns(cooldown, model)));
  const known = rests.filter((one) => one !== undefined);
  if (models.length === 0 || known.length < models.length) return undefined;
  return known.reduce((first, one) => (one.until < first.until ? one : first));
}

function partlyResting(models: readonly ModelStatus[]): { readonly reason?: string } {
  if (models.length === 0) return {};
  const named = models.slice(0, 3).map(({ model }) => model);
  const more = models.length - named.length;
  return { reason: `resting: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}` };
}

/** An account whose owner wants no more of it served for now; a reserve of one model alone does not count. */
function heldBack(state: AccountState, models: readonly ModelStatus[], now: number): AccountStatus | undefined {
  const { budget, reservePercent } = state.account;
  const spentUntil = budget === undefined ? undefined : budgetEnds(state, now);
  if (spentUntil !== undefined) {
    const reason = 'the budget that its owner set for the day is used up';
    return {
      state: 'exhausted',
      reason,
      until: spentUntil,
      advice: 'Wait for the next day, or set a larger budget.',
      models,
    };
  }
  const reserved = reservePercent === undefined ? undefined : reservedQuota(state, '', now);
  if (reserved?.resetsAt === undefined) return undefined;
  const reason = `the last ${reservePercent} % of its quota "${reserved.name}" are kept back`;
  return {
    state: 'exhausted',
    reason,
    until: reserved.resetsAt,
    advice: 'Wait for the reset, or set a smaller reserve.',
    models,
  };
}

function stateOf(kind: ErrorKind): 'cooling' | 'exhausted' {
  return kind === 'quota-exhausted' ? 'exhausted' : 'cooling';
}

function troubleAdvice({ account, trouble }: AccountState): string {
  if (trouble?.state === 'forbidden') {
    return 'Check at the provider what the account may do, its region and its billing; then press "Test".';
  }
  switch (account.credential.type) {
    case 'oauth':
      return 'Sign in again, or paste a new refresh token.';
    case 'service_account':
      return 'Check at the provider that the key of the service account is still valid, or paste a new one; then press "Test".';
    case 'api_key':
      return 'Check at the provider that the key is still valid, or enter a new one; then press "Test".';
    case 'none':
      return 'The server asks for a credential: enter its API key.';
    default:
      return account.credential satisfies never;
  }
}
