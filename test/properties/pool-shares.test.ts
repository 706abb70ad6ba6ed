import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { SCHEDULING_MODES } from '../../src/pool/account-state.ts';
import { createPool } from '../../src/pool/pool.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { anAccount, anAsk, aPolicy, T0 } from '../support/pool-builders.ts';
import { FOREVER } from '../support/pool-harness.ts';

const PICKS = 10_000;

test('over 10,000 requests each account serves its weight’s share to within 2 %, and none starves', async () => {
  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(weights, fc.constantFrom(...SCHEDULING_MODES), async (weights, mode) => {
      const pool = createPool({ clock: createFakeClock(T0), policy: () => aPolicy({ mode }) });
      pool.setAccounts(weights.map((weight, at) => anAccount(`${at}`, { weight })));
      const taken = weights.map(() => 0);
      for (let at = 0; at < PICKS; at++) {
        const lease = await pool.lease(anAsk(), FOREVER);
        taken[Number(lease.account.id)]!++;
        lease.settle({ type: 'served' });
      }
      const sum = weights.reduce((a, b) => a + b);
      for (const [at, weight] of weights.entries()) {
        expect(Math.abs(taken[at]! - (PICKS * weight) / sum)).toBeLessThan(((PICKS * weight) / sum) * 0.02);
      }
    }),
    { numRuns: 8 },
  );
});
