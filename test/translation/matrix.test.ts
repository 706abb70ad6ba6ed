import { describe, expect, test } from 'bun:test';
import { listPlaces } from '../../src/translate/conformance/make-cell.ts';
import { SCENARIOS, UPSTREAMS } from '../../src/translate/conformance/scenario.ts';
import { translateText } from '../../src/translate/translate-text.ts';
import { readRecording } from '../support/scenario-recording.ts';
import { makeCell } from './describe-cell.ts';
import { findFaults } from './find-faults.ts';
import { goldenFileOf, listGoldenFiles, readGolden, writeGolden } from './golden-file.ts';

const places = listPlaces();

describe.each([...SCENARIOS])('$name: $shows', (scenario) => {
  for (const place of places.filter((one) => one.scenario === scenario)) {
    const { client, upstream } = place;
    const cell = makeCell(place);
    if (Object.keys(cell).length === 0) continue;

    test(`between a client of ${client} and an upstream of ${upstream}`, () => {
      // what is right has been looked at: `bun run scripts/golden.ts` writes the files anew and says which have changed
      expect(writeGolden(place)).toBe(readGolden(goldenFileOf(place)) as string);
      expect(findFaults(place, cell)).toEqual([]);
    });
  }
});

describe('the matrix', () => {
  test('has a golden file for each place, and no other', () => {
    const wanted = places.filter((place) => writeGolden(place) !== undefined).map(goldenFileOf);
    expect(listGoldenFiles().sort()).toEqual(wanted.sort());
  });

  test('leaves no pair of dialects without a request, answers and errors', () => {
    for (const client of new Set(places.map((place) => place.client))) {
      for (const upstream of UPSTREAMS.filter((one) => one !== client)) {
        const cells = places.filter((one) => one.client === client && one.upstream === upstream).map(makeCell);
        for (const piece of ['request', 'whole', 'stream', 'error'] as const) {
          expect(cells.filter((cell) => cell[piece] !== undefined).length).toBeGreaterThan(6);
        }
      }
    }
  });

  test('leaves the bytes of one dialect as they are', () => {
    for (const upstream of UPSTREAMS) {
      for (const scenario of SCENARIOS) {
        const { request, whole, stream } = readRecording(scenario, upstream);
        for (const [kind, body] of [
          ['request', request] as const,
          ['response', whole] as const,
          ['stream', stream] as const,
        ]) {
          if (body === undefined) continue;
          expect(translateText({ kind, from: upstream, to: upstream, body }, 0)).toEqual({ output: body, losses: [] });
        }
      }
    }
  });
});
