import { expect, test } from 'bun:test';
import { runPool, runRoundRobin } from '../support/limited-fleet.ts';

test('P10: fifty limited accounts: ten times fewer refusals than turns give, nobody fails in vain, conversations keep their cache', async () => {
  const [pool, turns] = [await runPool(), await runRoundRobin()];
  expect(pool.failedInVain).toBe(0);
  expect(pool.served).toBe(pool.requests);
  expect(pool.rejected * 10).toBeLessThanOrEqual(turns.rejected);
  expect(pool.cacheHits).toBeGreaterThan(0.9);
  expect(turns.cacheHits).toBeLessThan(0.2);
}, 30_000);
