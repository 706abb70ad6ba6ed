import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../../src/translate/conformance/make-cell.ts';
import { writeCompactJson } from '../support/compact-json.ts';
import { describeCell, makeCell } from './describe-cell.ts';

const ROOT = join(import.meta.dir, 'golden');

/** Where the golden file of a place lies. */
export function goldenFileOf({ scenario, client, upstream }: Place): string {
  return join(ROOT, scenario.name, `${client}--${upstream}.json`);
}

/** What the golden file of a place should say now; `undefined` where there is nothing to translate. */
export function writeGolden(place: Place): string | undefined {
  const cell = describeCell(makeCell(place));
  return cell === undefined ? undefined : writeCompactJson(cell);
}

/** What a golden file says; `undefined` where there is none. */
export function readGolden(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Every golden file there is. */
export function listGoldenFiles(): string[] {
  const names = readdirSync(ROOT, { recursive: true }) as string[];
  return names.filter((name) => name.endsWith('.json')).map((name) => join(ROOT, name));
}
