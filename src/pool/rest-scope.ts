import type { LimitScope } from '../base/gateway-error.ts';
import type { Cooldown } from './account-state.ts';

/** What rests: a model, a family of models, or with neither the whole account. */
export type RestScope = Pick<Cooldown, 'model' | 'family'>;

const WHOLE: RestScope = {};

/** What a failure gives a rest to: what the upstream named, else what its kind says. */
export function scopeOfRest(said: LimitScope | undefined, byKind: 'model' | 'account', model: string): RestScope {
  if (said === undefined) return byKind === 'model' ? { model } : WHOLE;
  return said.type === 'account' ? WHOLE : { family: said.family };
}

/** Whether a rest keeps an account from serving a model. */
export function concerns({ model, family }: RestScope, asked: string): boolean {
  if (model !== undefined) return model === asked;
  return family === undefined || isOfFamily(asked, family);
}

/** Whether a model's name has the word of a family in it. */
export function isOfFamily(model: string, family: string): boolean {
  return model.toLowerCase().includes(family);
}

/** Whether two rests are for the same. */
export function isSameScope(one: RestScope, other: RestScope): boolean {
  return one.model === other.model && one.family === other.family;
}

/** The name under which strikes are counted; absent for the whole account. */
export function strikeKey({ model, family }: RestScope): string | undefined {
  return model ?? (family === undefined ? undefined : `${FAMILY}${family}`);
}

/** Whether strikes are those of a model, or of a family it belongs to. */
export function isStrikeOf(key: string, model: string): boolean {
  return key === model || (key.startsWith(FAMILY) && isOfFamily(model, key.slice(FAMILY.length)));
}

const FAMILY = 'family:';
