import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Account } from '../../src/base/account.ts';
import { GatewayError } from '../../src/base/gateway-error.ts';
import { type Lease, type Outcome, type Policy, SCHEDULING_MODES } from '../../src/pool/account-state.ts';
import { createPool } from '../../src/pool/pool.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { anAccount, anAsk, aPolicy, isEligible, T0 } from '../support/pool-builders.ts';

const MODELS = ['gpt-5', 'gpt-4'];
const IDS = ['a', 'b', 'c', 'd', 'e'];
const mode = fc.constantFrom(...SCHEDULING_MODES);
const model = fc.constantFrom(...MODELS);

describe('the pool over random histories', () => {
  type Step =
    | { readonly do: 'lease'; readonly model: string; readonly session: string | undefined; readonly triesToo: boolean }
    | { readonly do: 'settle'; readonly which: number; readonly outcome: Outcome }
    | { readonly do: 'answered'; readonly which: number }
    | { readonly do: 'abort'; readonly which: number }
    | { readonly do: 'advance'; readonly ms: number }
    | { readonly do: 'accounts'; readonly ids: readonly string[]; readonly enabled: boolean }
    | { readonly do: 'clear'; readonly id: string };

  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Outcome>({ type: 'served' }) },
    fc.constant<Outcome>({ type: 'canceled' }),
    fc
      .record({
        kind: fc.constantFrom(
          'rate-limited',
          'overloaded',
          'upstream-failed',
          'invalid-request',
          'credential-rejected',
        ),
        retryAfterMs: fc.integer({ min: 0, max: 15_000 }),
        scope: fc.constantFrom(
          undefined,
          { type: 'account' } as const,
          { type: 'family', family: 'gpt' } as const,
          { type: 'family', family: '-5' } as const,
        ),
      })
      .map(({ scope, ...failure }): Outcome => {
        return { type: 'failed', message: 'x', ...failure, ...(scope === undefined ? {} : { scope }) };
      }),
  );
  const which = fc.nat({ max: 20 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('lease' as const),
        model,
        session: fc.constantFrom(undefined, 's', 't'),
        triesToo: fc.boolean(),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), which, outcome }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('answered' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 6_000 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('accounts' as const), ids: fc.subarray(IDS), enabled: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), id: fc.constantFrom(...IDS) }) },
  );

  function account(id: string, enabled = true): Account {
    const at = IDS.indexOf(id);
    const maxConcurrent = at % 2 === 0 ? { maxConcurrent: 1 + (at % 3) } : {};
    return anAccount(id, {
      enabled,
      models: at === 3 ? ['gpt-4'] : MODELS,
      weight: 1 + at,
      priority: at % 2,
      ...maxConcurrent,
    });
  }

  async function live(steps: readonly Step[], mode: Policy['mode']): Promise<void> {
    const clock = createFakeClock(T0);
    const pool = createPool({ clock, policy: () => aPolicy({ mode }) });
    pool.setAccounts(IDS.slice(0, 3).map((id) => account(id)));
    const held: { lease: Lease; settled: boolean }[] = [];
    const clients: AbortController[] = [];
    const faults: unknown[] = [];
    let waiting = 0;
    for (const step of steps) {
      switch (step.do) {
        case 'lease': {
          const client = new AbortController();
          const tried = new Set(step.triesToo ? ['a'] : []);
          const session = step.session === undefined ? {} : { sessionKey: step.session };
          clients.push(client);
          waiting++;
          pool
            .lease({ target: { model: step.model }, tried, ...session }, client.signal)
            .then(
              (lease) => {
                held.push({ lease, settled: false });
                if (tried.has(lease.account.id) || !lease.account.models.includes(step.model)) faults.push(lease);
              },
              (error) => {
                if (!(error instanceof GatewayError) && !client.signal.aborted) faults.push(error);
              },
            )
            .finally(() => {
              waiting--;
            });
          break;
        }
        case 'settle': {
          const one = held[step.which % Math.max(1, held.length)];
          one?.lease.settle(step.outcome);
          if (one !== undefined) one.settled = true;
          break;
        }
        case 'answered':
          held[step.which % Math.max(1, held.length)]?.lease.answered?.();
          break;
        case 'abort':
          clients[step.which % Math.max(1, clients.length)]?.abort(new Error('gone'));
          break;
        case 'advance':
          await clock.advance(step.ms);
          break;
        case 'accounts':
          // accounts that have requests in flight stay, so that their counts can be checked at the end
          pool.setAccounts(
            IDS.filter(
              (id) => step.ids.includes(id) || pool.snapshot().some((one) => one.account.id === id && one.inFlight > 0),
            ).map((id) => account(id, step.enabled || !step.ids.includes(id))),
          );
          break;
        case 'clear':
          pool.clearCooldown(step.id);
          break;
        default:
          step satisfies never;
      }
      await clock.advance(0);
      for (const { account, inFlight } of pool.snapshot()) {
        expect(inFlight).toBe(held.filter((one) => !one.settled && one.lease.account.id === account.id).length);
        if (account.maxConcurrent !== undefined) expect(inFlight).toBeLessThanOrEqual(account.maxConcurrent);
      }
    }
    // who waits is served or refused within the patience, whatever the others do
    await clock.advance(10_000);
    expect([waiting, clock.pending, faults]).toEqual([0, 0, []]);
    for (const { lease } of held) lease.settle({ type: 'canceled' });
    for (const { lease } of held)
      lease.settle({ type: 'failed', kind: 'credential-rejected', message: 'a second time' });
    await clock.advance(0);
    expect(pool.snapshot().map((one) => one.inFlight)).toEqual(pool.snapshot().map(() => 0));
  }

  test('in-flight counts are those of the leases held, never above the limit, and return to zero; nobody waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), mode, (steps, mode) => live(steps, mode)),
      { numRuns: 100 },
    );
  });

  test('a lease is never given for an account that may not serve at that moment', async () => {
    const kinds = fc.array(fc.tuple(outcome, fc.integer({ min: 0, max: 8_000 }), model), {
      maxLength: 40,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(kinds, mode, async (turns, mode) => {
        const clock = createFakeClock(T0);
        const pool = createPool({ clock, policy: () => aPolicy({ mode, patienceMs: 0 }) });
        pool.setAccounts(IDS.map((id) => account(id)));
        for (const [outcome, ms, name] of turns) {
          const ask = anAsk({ target: { model: name } });
          const eligible = pool.snapshot().filter((one) => isEligible(one, ask, clock.now()));
          const lease = await pool.lease(ask, new AbortController().signal).catch((error) => error);
          if (eligible.length === 0) expect(lease).toBeInstanceOf(GatewayError);
          else expect(eligible.map((one) => one.account.id)).toContain(lease.account.id);
          clock.jump(ms);
          if (eligible.length > 0) lease.settle(outcome);
        }
      }),
      { numRuns: 100 },
    );
  });
});
