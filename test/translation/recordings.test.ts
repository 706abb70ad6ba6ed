import { describe, expect, test } from 'bun:test';
import { SCENARIOS } from '../../src/translate/conformance/scenario.ts';
import { DIALECT_IDS } from '../../src/translate/dialect-id.ts';
import { expectedFiles, presentFiles, presentScenarios, readRecording } from '../support/scenario-recording.ts';

describe.each([...DIALECT_IDS])('the recordings of %s', (dialect) => {
  test('answer every scenario, or say why not', () => {
    const files = (filesOf: (name: string) => readonly string[]) =>
      Object.fromEntries(SCENARIOS.map((scenario) => [scenario.name, filesOf(scenario.name)]));
    const expected = new Map(SCENARIOS.map((scenario) => [scenario.name, expectedFiles(scenario, dialect)]));
    expect(files((name) => presentFiles(name, dialect))).toEqual(files((name) => expected.get(name)!));
  });

  test('belong to a scenario', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(presentScenarios(dialect).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('say how they were made, after which page, when, and of which model', () => {
    for (const scenario of SCENARIOS) {
      const { about, error } = readRecording(scenario, dialect);
      if (about === undefined) continue;
      expect(about.made).toMatch(/^(by hand|recorded)/);
      expect(about.date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(about.model).not.toBe('');
      expect(about.after.length).toBeGreaterThan(0);
      for (const page of about.after) expect(page).toMatch(/^https:\/\//);
      expect(typeof about.status).toBe(error === undefined ? 'undefined' : 'number');
    }
  });
});

describe('the list of scenarios', () => {
  test('names each once, and says what it shows', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(SCENARIOS.filter(({ shows }) => shows.trim() === '')).toEqual([]);
  });

  test('borrows from scenarios that have what is borrowed', () => {
    for (const { asks, answers } of SCENARIOS) {
      for (const lender of [asks, answers]) {
        if (lender !== undefined) expect(SCENARIOS.map(({ name }) => name)).toContain(lender);
      }
    }
  });

  test('gives a reason for whatever is not there', () => {
    const reasons = SCENARIOS.flatMap(({ unsupported = {} }) => Object.values(unsupported));
    const words = reasons.map((reason) => (typeof reason === 'string' ? reason : reason.why));
    expect(words.filter((why) => why.length < 10)).toEqual([]);
  });
});
