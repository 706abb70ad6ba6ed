import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { judgeClient } from '../../src/translate/conformance/judge-cell.ts';
import { SCENARIOS, UPSTREAMS } from '../../src/translate/conformance/scenario.ts';
import { DIALECT_IDS } from '../../src/translate/dialect-id.ts';
import { readRecorded } from '../support/scenario-recording.ts';
import { CONFORMANCE_FILE, writeConformance } from './conformance-page.ts';

describe.each([...DIALECT_IDS])('the table of clients of %s', (client) => {
  const rows = judgeClient(client, readRecorded);

  test('has a cell for every scenario and every upstream', () => {
    expect(rows.map(({ scenario }) => scenario)).toEqual(SCENARIOS.map(({ name }) => name));
    for (const { verdicts } of rows) expect(Object.keys(verdicts)).toEqual([...UPSTREAMS]);
  });

  test('says of every scenario what becomes of it, or why it is none', () => {
    const cells = rows.flatMap(({ scenario, verdicts }) =>
      Object.entries(verdicts).map(([upstream, verdict]) => ({ scenario, upstream, ...verdict })),
    );
    expect(cells.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(cells.filter((cell) => cell.state === 'none' && cell.why.startsWith('Nobody'))).toEqual([]);
  });
});

test('docs/conformance.md says what the code does; `bun run scripts/golden.ts` writes it anew', () => {
  expect(readFileSync(CONFORMANCE_FILE, 'utf8')).toBe(writeConformance());
});
