import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addAccount, type Measured, startExecutable, startHelper } from './gateway.ts';
import { measure, median, modelOf, PACED_EVENTS, WARM_PAUSE_MS, warmUp } from './measure.ts';
import { readFigures } from './process-figures.ts';
import { BURST_SCENARIOS, PACED_SCENARIOS, REQUEST_SCENARIOS, type Scenario } from './scenarios.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const FEW_EVENTS = 20;
const MANY_EVENTS = 420;
const executable = join(import.meta.dir, '..', '..', 'dist', process.platform === 'win32' ? 'trivium.exe' : 'trivium');
const only = process.argv.slice(2);

interface Row {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly goal: number;
  readonly must: number;
  readonly note?: string;
}

const rows: Row[] = [];
function report(row: Row): void {
  rows.push(row);
  const verdict = row.figure <= row.goal ? 'goal' : row.figure <= row.must ? 'must' : 'MISSED';
  const figure = `${row.figure.toFixed(2)}${row.unit}`;
  console.log(
    `${row.name.padEnd(26)} ${figure.padStart(10)}   goal ${row.goal}${row.unit}  must ${row.must}${row.unit}  ${verdict}${row.note === undefined ? '' : `  (${row.note})`}`,
  );
}

const wanted = (scenario: Scenario) => only.length === 0 || only.some((word) => scenario.name.includes(word));

async function addAccounts(gateway: Measured, mockPort: number): Promise<void> {
  const all = [...REQUEST_SCENARIOS, ...BURST_SCENARIOS, ...PACED_SCENARIOS];
  const namesOf = (scenario: Scenario) => [
    ...[FEW_EVENTS, MANY_EVENTS, PACED_EVENTS].map((events) => modelOf(scenario, events)),
    modelOf(scenario, PACED_EVENTS, WARM_PAUSE_MS),
  ];
  const models = (letter: string) => [...new Set(all.filter(({ upstream }) => upstream === letter).flatMap(namesOf))];
  const root = `http://127.0.0.1:${mockPort}`;
  const credential = { type: 'api_key', api_key: 'sk-bench-0123456789' };
  await addAccount(gateway, {
    name: 'o',
    provider: 'openai-compatible',
    base_url: `${root}/v1`,
    credential,
    models: models('o'),
  });
  await addAccount(gateway, { name: 'a', provider: 'anthropic', base_url: root, credential, models: models('a') });
  await addAccount(gateway, { name: 'g', provider: 'gemini', base_url: root, credential, models: models('g') });
}

async function benchRequests(trivium: Measured, bare: Measured): Promise<void> {
  for (const scenario of REQUEST_SCENARIOS.filter(wanted)) {
    const ratios: number[] = [];
    const costs: number[] = [];
    await warmUp(bare, scenario, { asBare: true });
    await warmUp(trivium, scenario);
    for (let round = 0; round < ROUNDS; round++) {
      const base = await measure(bare, scenario, { asBare: true });
      const cost = await measure(trivium, scenario);
      ratios.push(cost.cpuUs / base.cpuUs);
      costs.push(cost.cpuUs / scenario.requests);
    }
    const note = `${median(costs).toFixed(0)} us a request`;
    report({ name: scenario.name, figure: median(ratios), unit: 'x', goal: scenario.goal, must: scenario.must, note });
  }
}

async function benchBursts(trivium: Measured, bare: Measured): Promise<void> {
  for (const scenario of BURST_SCENARIOS.filter(wanted)) {
    const slopes: number[] = [];
    const fixed: number[] = [];
    const n = scenario.requests;
    await warmUp(bare, scenario, { events: FEW_EVENTS, asBare: true });
    await warmUp(trivium, scenario, { events: FEW_EVENTS });
    await warmUp(trivium, scenario, { events: MANY_EVENTS });
    for (let round = 0; round < ROUNDS; round++) {
      const few = await measure(trivium, scenario, { events: FEW_EVENTS });
      const many = await measure(trivium, scenario, { events: MANY_EVENTS });
      const base = await measure(bare, scenario, { events: FEW_EVENTS, asBare: true });
      slopes.push((many.cpuUs - few.cpuUs) / n / (MANY_EVENTS - FEW_EVENTS));
      fixed.push(few.cpuUs / base.cpuUs);
    }
    report({ name: scenario.name, figure: median(slopes), unit: 'us/event', goal: scenario.goal, must: scenario.must });
    report({ name: `${scenario.name} fixed`, figure: median(fixed), unit: 'x', goal: 2, must: 3 });
  }
}

async function benchPaced(trivium: Measured, bare: Measured): Promise<void> {
  for (const scenario of PACED_SCENARIOS.filter(wanted)) {
    const ratios: number[] = [];
    const switches: number[] = [];
    await warmUp(bare, scenario, { events: PACED_EVENTS, asBare: true });
    await warmUp(trivium, scenario, { events: PACED_EVENTS });
    for (let round = 0; round < Math.min(ROUNDS, 3); round++) {
      const base = await measure(bare, scenario, { events: PACED_EVENTS, asBare: true });
      const cost = await measure(trivium, scenario, { events: PACED_EVENTS });
      ratios.push(cost.cpuUs / base.cpuUs);
      switches.push(cost.switches / base.switches);
    }
    report({ name: scenario.name, figure: median(ratios), unit: 'x', goal: scenario.goal, must: scenario.must });
    report({ name: `${scenario.name} switches`, figure: median(switches), unit: 'x', goal: 1.2, must: 1.5 });
  }
}

/** One request at a time: what the gateway adds to the way through the bare proxy's upstream. */
async function benchLatency(trivium: Measured, bare: Measured): Promise<void> {
  const one = { ...REQUEST_SCENARIOS[0]!, requests: 400, connections: 1 };
  const first = { ...BURST_SCENARIOS.find(({ name }) => name === 'burst ao')!, requests: 400, connections: 1 };
  if (only.length > 0 && !only.includes('latency')) return;
  await warmUp(bare, one, { asBare: true });
  await warmUp(trivium, one);
  const base = await measure(bare, one, { asBare: true });
  const cost = await measure(trivium, one);
  report({
    name: 'one at a time oo',
    figure: median(cost.load.wholeMs) / median(base.load.wholeMs),
    unit: 'x',
    goal: 1.5,
    must: 2,
  });
  await warmUp(bare, first, { events: FEW_EVENTS, asBare: true });
  await warmUp(trivium, first, { events: FEW_EVENTS });
  const baseFirst = await measure(bare, first, { events: FEW_EVENTS, asBare: true });
  const costFirst = await measure(trivium, first, { events: FEW_EVENTS });
  const figure = median(costFirst.load.firstByteMs) / median(baseFirst.load.firstByteMs);
  report({ name: 'first byte ao', figure, unit: 'x', goal: 1.7, must: 2.5 });
}

async function benchManyStreams(trivium: Measured, bare: Measured): Promise<void> {
  if (only.length > 0 && !only.includes('streams')) return;
  for (const [code, goal, must] of [
    ['oo', 1.3, 1.7],
    ['ao', 2, 2.5],
  ] as const) {
    const scenario = PACED_SCENARIOS.find(({ name }) => name === `paced ${code}`)!;
    const many = { events: PACED_EVENTS, requests: 500, connections: 500 };
    await warmUp(bare, scenario, { events: PACED_EVENTS, asBare: true });
    await warmUp(trivium, scenario, { events: PACED_EVENTS });
    const base = await measure(bare, scenario, { ...many, asBare: true });
    const cost = await measure(trivium, scenario, many);
    const memory = readFigures(trivium.pid).residentMiB;
    report({
      name: `500 streams ${code}`,
      figure: cost.cpuUs / base.cpuUs,
      unit: 'x',
      goal,
      must,
      note: `${memory.toFixed(0)} MiB`,
    });
  }
}

async function benchStart(): Promise<void> {
  if (only.length > 0 && !only.includes('start')) return;
  const starts: number[] = [];
  const cpus: number[] = [];
  let idle = 0;
  for (let round = 0; round < 5; round++) {
    const started = await startExecutable(executable);
    starts.push(started.startMs);
    cpus.push(readFigures(started.pid).cpuUs / 1000);
    if (round === 4) {
      await Bun.sleep(1000);
      const before = readFigures(started.pid);
      await Bun.sleep(3000);
      const after = readFigures(started.pid);
      idle = (after.cpuUs - before.cpuUs) / 3000;
      report({ name: 'idle memory', figure: after.residentMiB, unit: 'MiB', goal: 70, must: 110 });
    }
    await started.stop();
  }
  report({ name: 'idle CPU', figure: idle, unit: 'ms/s', goal: 1, must: 3 });
  report({
    name: 'start, ready',
    figure: median(starts),
    unit: 'ms',
    goal: 60,
    must: 150,
    note: 'first start of a data folder',
  });
  report({ name: 'start, CPU', figure: median(cpus), unit: 'ms', goal: 50, must: 120 });
}

if (!existsSync(executable)) throw new Error('build the executable first: bun run build');
const mock = await startHelper('mock-upstream.ts');
const bare = await startHelper('bare-proxy.ts', `http://127.0.0.1:${mock.port}`);
const trivium = await startExecutable(executable);
await addAccounts(trivium, mock.port);
console.log(
  `ratios to a bare Bun proxy in the same run, median of ${ROUNDS} rounds after warming both up; smaller is better`,
);
await benchStart();
await benchRequests(trivium, bare);
await benchBursts(trivium, bare);
await benchPaced(trivium, bare);
await benchLatency(trivium, bare);
await benchManyStreams(trivium, bare);
console.log(
  `memory after all: ${readFigures(trivium.pid).residentMiB.toFixed(0)} MiB (peak ${readFigures(trivium.pid).peakMiB.toFixed(0)})`,
);
await Promise.all([mock, bare, trivium].map((child) => child.stop()));
const missed = rows.filter((row) => row.figure > row.must);
console.log(missed.length === 0 ? 'every "must" is reached' : `missed: ${missed.map((row) => row.name).join(', ')}`);
