import type { Account } from '../base/account.ts';
import type { Choice, Pool, Refusal, Target } from '../pool/account-state.ts';
import type { Resolution } from '../pool/resolve-model.ts';
import { DIALECT_IDS, type DialectId } from '../translate/dialect-id.ts';
import { missingField } from './admin-error.ts';
import { isoTime, readBody, readChoice, readLine } from './read-fields.ts';

/** Whether one account could serve a target now. */
export interface ResolvedAccount {
  readonly account: string;
  readonly name: string;
  readonly provider: string;
  readonly serves: boolean;
  /** True for the one that would be taken now. */
  readonly next: boolean;
  /** Why it would be taken, or why it cannot serve. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly until: string | null;
  /** The dialect the upstream would be spoken to in; null when nobody asked with a dialect. */
  readonly upstream_dialect: DialectId | null;
  /** True when the request would have to be translated. */
  readonly translated: boolean;
}

/** Where a model name leads. */
export interface ResolveItem {
  readonly model: string;
  readonly dialect: DialectId | null;
  /** What each rule found, in order. */
  readonly steps: readonly string[];
  readonly alias: string | null;
  readonly strict: boolean;
  readonly targets: readonly {
    readonly model: string;
    readonly provider: string | null;
    readonly account: string | null;
    readonly accounts: readonly ResolvedAccount[];
  }[];
  /** Names like the one asked for, when it is unknown. */
  readonly nearest: readonly string[];
}

/** What explaining a model name works with. */
export interface ResolveParts {
  readonly resolve: (model: string) => Resolution;
  readonly pool: Pick<Pool, 'explain' | 'snapshot'>;
  /** The dialect in which an account would be spoken to. */
  readonly chooseDialect: (account: Account, dialect: DialectId, model: string) => DialectId | undefined;
}

/** Explains what would become of a request now, without any. Throws `AdminError`. */
export function explainModel(parts: ResolveParts, body: unknown): ResolveItem {
  const given = readBody(body);
  if (given.model === undefined) throw missingField('model');
  const model = readLine(given.model, 'model', 300);
  const dialect = given.dialect ? readChoice(given.dialect, 'dialect', DIALECT_IDS) : undefined;
  const { steps, alias, strict, targets, nearest } = parts.resolve(model);
  return {
    model,
    dialect: dialect ?? null,
    steps,
    alias: alias ?? null,
    strict: strict === true,
    targets: targets.map((target) => ({
      model: target.model,
      provider: target.provider ?? null,
      account: target.account ?? null,
      accounts: explainTarget(parts, target, dialect),
    })),
    nearest,
  };
}

function explainTarget(
  parts: ResolveParts,
  target: Target,
  dialect: DialectId | undefined,
): readonly ResolvedAccount[] {
  const choice = parts.pool.explain({ target, tried: new Set() });
  const refused = new Map(choice.refusals.map((refusal) => [refusal.account, refusal]));
  return parts.pool
    .snapshot()
    .map(({ account }) => account)
    .filter((account) => refused.get(account.id)?.reason !== 'model-not-served')
    .map((account) =>
      explainAccount({ account, choice, refusal: refused.get(account.id) }, () => {
        return dialect === undefined
          ? undefined
          : { asked: dialect, spoken: parts.chooseDialect(account, dialect, target.model) };
      }),
    )
    .sort((a, b) => Number(b.next) - Number(a.next) || Number(b.serves) - Number(a.serves));
}

interface Candidate {
  readonly account: Account;
  readonly choice: Choice;
  readonly refusal: Refusal | undefined;
}

function explainAccount(
  { account, choice, refusal }: Candidate,
  readDialects: () => { readonly asked: DialectId; readonly spoken: DialectId | undefined } | undefined,
): ResolvedAccount {
  const isNext = choice.type === 'use' && choice.account === account.id;
  const dialects = readDialects();
  return {
    account: account.id,
    name: account.name,
    provider: account.provider,
    serves: refusal === undefined,
    next: isNext,
    reason: refusal?.reason ?? (isNext ? choice.why : null),
    detail: refusal?.detail ?? null,
    until: isoTime(refusal?.until),
    upstream_dialect: dialects?.spoken ?? null,
    translated: dialects?.spoken !== undefined && dialects.spoken !== dialects.asked,
  };
}
