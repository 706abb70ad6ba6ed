import { describe, expect, test } from 'bun:test';
import { runConfig } from '../../../src/cli/config.ts';
import type { RawSettings } from '../../../src/config/resolve.ts';
import { SETTING_KEYS } from '../../../src/config/settings.ts';
import { handTerminal } from '../../support/hand-terminal.ts';

async function run(flags: RawSettings, stored: RawSettings, json: boolean) {
  const terminal = handTerminal();
  const code = await runConfig({ flags, stored, json }, terminal);
  return { code, out: terminal.written(), told: terminal.told };
}

const STORED = { auth_mode: 'strict', api_key: 'sk-0123456789abcdef', admin_password: 'open sesame' };

describe('the configuration', () => {
  test('as JSON has every setting, its value and where it came from', async () => {
    const { code, out } = await run({ port: '9000' }, STORED, true);
    const rows: { key: string; value?: unknown; source: string }[] = JSON.parse(out);
    expect(code).toBe(0);
    expect(rows.map((row) => row.key)).toEqual([...SETTING_KEYS]);
    expect(rows).toContainEqual({ key: 'port', value: 9000, source: 'flag' });
    expect(rows).toContainEqual({ key: 'auth_mode', value: 'strict', source: 'stored' });
    expect(rows).toContainEqual({ key: 'retention_days', value: 30, source: 'default' });
  });

  test('for people has one line for each', async () => {
    const { out } = await run({ port: '9000' }, STORED, false);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(SETTING_KEYS.length);
    expect(lines.find((line) => line.startsWith('port '))).toMatch(/^port +flag +9000$/);
    expect(lines.find((line) => line.startsWith('upstream_proxy '))).toMatch(/default +–$/);
  });

  test.each([true, false])('hides secrets, as JSON: %p', async (json) => {
    const { out } = await run({}, STORED, json);
    expect(out).not.toContain('0123456789');
    expect(out).not.toContain('sesame');
    expect(out).toContain('sk-…cdef');
  });

  test('tells of stored values that could not be used', async () => {
    const { code, told } = await run({}, { port: 'many' }, true);
    expect(code).toBe(0);
    expect(told.join()).toContain('port');
  });
});
