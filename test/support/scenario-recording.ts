import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as recordings from '../../src/translate/conformance/recording.ts';
import type { Scenario } from '../../src/translate/conformance/scenario.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';

export { expectedFiles, findScenario, supportedPieces } from '../../src/translate/conformance/recording.ts';

const ROOT = join(import.meta.dir, '..', 'recordings');

/** A recorded text by its path in the folder of recordings; `undefined` where there is none. */
export function readRecorded(path: string): string | undefined {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The recording of a dialect in a scenario, borrowed pieces included. */
export function readRecording(scenario: Scenario, dialect: DialectId): recordings.ScenarioRecording {
  return recordings.readRecording(readRecorded, scenario, dialect);
}

/** The request a client sends in a scenario, with the model it names; `undefined` where its dialect cannot ask for such a thing. */
export function readClientRequest(scenario: Scenario, client: DialectId) {
  return recordings.readClientRequest(readRecorded, scenario, client);
}

/** The files that there are of a scenario. */
export function presentFiles(scenario: string, dialect: DialectId): string[] {
  const folder = join(ROOT, dialect, scenario);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** The names of the folders that a dialect has. */
export function presentScenarios(dialect: DialectId): string[] {
  return readdirSync(join(ROOT, dialect)).sort();
}
