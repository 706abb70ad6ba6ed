import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a full check runs, in order. The executable is built first: end-to-end tests drive it, not the source. */
const STEPS: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'form', command: ['bunx', 'biome', 'check', '.'] },
  { name: 'types', command: ['bunx', 'tsc', '--noEmit'] },
  { name: 'build', command: ['bun', 'run', 'scripts/build.ts'] },
];

const root = join(import.meta.dir, '..');
const reportFile = join(root, 'test-results', 'junit.xml');
const inCi = (process.env.CI ?? '') !== '' && process.env.CI !== 'false';

function runStep(name: string, command: readonly string[]): boolean {
  const started = performance.now();
  const { exitCode } = Bun.spawnSync([...command], { cwd: root, stdout: 'inherit', stderr: 'inherit' });
  console.log(`${name}: ${exitCode === 0 ? 'ok' : 'failed'} (${Math.round(performance.now() - started)} ms)`);
  return exitCode === 0;
}

/** Counts of a junit report's outermost element. */
function readReport(): { tests: number; failures: number; skipped: number } {
  const head = /<testsuites[^>]*>/.exec(readFileSync(reportFile, 'utf8'))?.[0] ?? '';
  const count = (name: string) => Number(new RegExp(`${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  return { tests: count('tests'), failures: count('failures'), skipped: count('skipped') };
}

rmSync(join(root, 'test-results'), { recursive: true, force: true });
mkdirSync(join(root, 'test-results'), { recursive: true });

let sound = true;
for (const step of STEPS) sound = runStep(step.name, step.command) && sound;

const only = process.argv.slice(2);
const tests = Bun.spawnSync(['bun', 'test', ...only, '--reporter', 'junit', '--reporter-outfile', reportFile], {
  cwd: root,
  stdout: 'inherit',
  stderr: 'inherit',
});
const { tests: total, failures, skipped } = readReport();
sound = sound && tests.exitCode === 0 && total > 0;
if (inCi && skipped > 0) {
  console.error(`${skipped} tests were skipped; CI must run them all.`);
  sound = false;
}
const failed = Math.max(failures, sound ? 0 : 1);
console.log(`${total - failures - skipped} passed, ${failed} failed, ${skipped} skipped`);
process.exit(sound ? 0 : 1);
