import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { provideExecutable } from '../support/provide-executable.ts';
import { type Installed, installClients, NPM_FOLDER, PYTHON_PROGRAM } from './install.ts';

/** What `bun run test:clients` runs: every file here whose name ends so, or only those whose names hold one of its words. */
const ENDING = '.clients.ts';
/** The one thing that a build server may lack. */
const OF_PYTHON = 'python.clients.ts';
const AT_ONCE = 2;
/** They take longest, so they start first. */
const SLOW = ['opencode.clients.ts', 'gemini-cli.clients.ts'];

const root = join(import.meta.dir, '..', '..');
const reports = join(root, 'test-results', 'clients');
const inCi = (process.env.CI ?? '') !== '' && process.env.CI !== 'false';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function main(words: readonly string[]): Promise<boolean> {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const started = performance.now();
  const [installed] = await Promise.all([installClients(), provideExecutable()]);
  console.log(`clients are at ${installed.npm} (${seconds(started)})`);
  const files = readdirSync(import.meta.dir).filter((name) => name.endsWith(ENDING));
  const chosen = files.filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  const queue = [...chosen].sort((a, b) => SLOW.indexOf(b) - SLOW.indexOf(a) || a.localeCompare(b));
  const counts: Counts[] = [];
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift())
      counts.push(await runFile(name, installed));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const sum = (part: keyof Counts) => counts.reduce((total, one) => total + one[part], 0);
  console.log(`clients: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') === 0 && sum('passed') > 0;
}

async function runFile(name: string, { npm, python }: Installed): Promise<Counts> {
  if (name === OF_PYTHON && 'missing' in python) {
    console.log(`${name}: skipped, since ${python.missing}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const started = performance.now();
  const report = join(reports, `${name}.xml`);
  const file = `./test/clients/${name}`;
  const child = Bun.spawn(
    [process.execPath, 'test', file, '--timeout', '120000', '--reporter', 'junit', '--reporter-outfile', report],
    {
      cwd: root,
      env: { ...process.env, [NPM_FOLDER]: npm, ...('program' in python ? { [PYTHON_PROGRAM]: python.program } : {}) },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const counts = readCounts(report, code);
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds(started)})`);
  if (counts.failed > 0) console.log(stdout, stderr);
  return counts;
}

/** A file that ran no test, or skipped one where nobody would read so, has failed. */
function readCounts(report: string, code: number): Counts {
  const head = /<testsuites[^>]*>/.exec(readReport(report))?.[0] ?? '';
  const count = (name: string) => Number(new RegExp(`${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const [tests, failures, skipped] = [count('tests'), count('failures'), count('skipped')];
  const unsound = code !== 0 || tests === 0 || (inCi && skipped > 0);
  return { passed: tests - failures - skipped, failed: Math.max(failures, unsound ? 1 : 0), skipped };
}

function readReport(report: string): string {
  try {
    return readFileSync(report, 'utf8');
  } catch {
    return '';
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

process.exit((await main(process.argv.slice(2))) ? 0 : 1);
