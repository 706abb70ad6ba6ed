import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { listPlaces } from '../src/translate/conformance/make-cell.ts';
import { CONFORMANCE_FILE, writeConformance } from '../test/translation/conformance-page.ts';
import { goldenFileOf, listGoldenFiles, readGolden, writeGolden } from '../test/translation/golden-file.ts';

/*
 * Writes the golden files of the translation matrix and docs/conformance.md anew and says what changed. Every change is a change of what clients or
 * upstreams get to see: look at each with `git diff test/translation/golden` before it is committed.
 */
const counts = { same: 0, changed: 0, new: 0, gone: 0 };
const wanted = new Set<string>();

for (const place of listPlaces()) {
  const text = writeGolden(place);
  if (text === undefined) continue;
  const file = goldenFileOf(place);
  wanted.add(file);
  const before = readGolden(file);
  if (before === text) {
    counts.same++;
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  tell(before === undefined ? 'new' : 'changed', file);
}

for (const file of listGoldenFiles()) {
  if (wanted.has(file)) continue;
  rmSync(file);
  tell('gone', file);
}

const page = writeConformance();
if (page !== readFileSync(CONFORMANCE_FILE, 'utf8')) {
  writeFileSync(CONFORMANCE_FILE, page);
  console.log('changed docs/conformance.md');
}

console.log(
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', '),
);

function tell(what: 'changed' | 'new' | 'gone', file: string): void {
  counts[what]++;
  console.log(`${what.padEnd(8)}${file.slice(file.indexOf('golden/') + 'golden/'.length)}`);
}
