import { systemClock } from '../../src/base/clock.ts';
import { SCHEDULING_MODES, type SchedulingMode } from '../../src/pool/account-state.ts';
import { createPool } from '../../src/pool/pool.ts';
import { runPool, runRoundRobin } from '../support/limited-fleet.ts';
import { anAccount, anAsk, aPolicy } from '../support/pool-builders.ts';

/** Prints what taking an account and giving it back costs, by the number of accounts. */
async function measurePool(): Promise<void> {
  for (const count of [3, 1_000]) {
    for (const mode of SCHEDULING_MODES) {
      const best = await bestOf(5, () => measure(count, mode));
      console.log(`${count} accounts, ${mode}: ${best.toFixed(2)} us a lease`);
    }
  }
}

async function measure(count: number, mode: SchedulingMode): Promise<number> {
  const pool = createPool({ clock: systemClock, policy: () => aPolicy({ mode }) });
  pool.setAccounts(Array.from({ length: count }, (_, at) => anAccount(`acc_${at}`)));
  const { signal } = new AbortController();
  const times = count < 100 ? 100_000 : 5_000;
  const startedAt = performance.now();
  for (let at = 0; at < times; at++) (await pool.lease(anAsk(), signal)).settle({ type: 'served' });
  return ((performance.now() - startedAt) * 1_000) / times;
}

async function bestOf(times: number, run: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let at = 0; at < times; at++) figures.push(await run());
  return Math.min(...figures);
}

await measurePool();
console.log('the pool', await runPool());
console.log('turns without a memory', await runRoundRobin());
