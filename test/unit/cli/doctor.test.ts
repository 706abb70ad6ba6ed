import { describe, expect, test } from 'bun:test';
import { runConformance } from '../../../src/cli/doctor.ts';
import type { ReadRecorded } from '../../../src/translate/conformance/recording.ts';
import { handTerminal } from '../../support/hand-terminal.ts';
import { readRecorded } from '../../support/scenario-recording.ts';

async function run(json: boolean, read: ReadRecorded = readRecorded) {
  const terminal = handTerminal();
  const code = await runConformance(json, terminal, read);
  return { code, out: terminal.written(), told: terminal.told.join('\n') };
}

describe('the conformance of this program', () => {
  test('is told line by line, each with client, upstream and scenario', async () => {
    const { code, out, told } = await run(false);
    expect(code).toBe(0);
    expect(out).toMatch(/^gemini +gemini +text +passes$/m);
    expect(out).toMatch(/^openai-chat +gemini +text +ok$/m);
    expect(out).toMatch(/^openai-chat +gemini +side-fields +ok, losses: .*x_deckhand/m);
    expect(out).toMatch(/^gemini +openai-chat +uploaded-file +refused: translation-refused$/m);
    expect(told).toMatch(/^\d+ cells: .* 0 failed$/);
  });

  test('is told as JSON to programs', async () => {
    const lines = JSON.parse((await run(true)).out);
    expect(lines).toContainEqual({
      client: 'openai-chat',
      upstream: 'gemini',
      scenario: 'text',
      verdict: { state: 'ok' },
    });
    const none = lines.find((line: { verdict: { state: string } }) => line.verdict.state === 'none');
    expect(none.verdict.why).not.toBe('');
  });

  test('fails when a translation does', async () => {
    const torn = (path: string) => (path === 'gemini/text/about.json' ? '{"model":17}' : readRecorded(path));
    const { code, out, told } = await run(false, torn);
    expect(code).toBe(1);
    expect(out).toMatch(/^openai-chat +gemini +text +failed: /m);
    expect(told).toMatch(/[1-9]\d* failed$/);
  });
});
