import { describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { runToEnd, startGateway } from '../support/executable.ts';
import { withFolder } from '../support/temporary-store.ts';

describe('trivium', () => {
  test.each([['--version'], ['-v'], ['version']])('%s says the version and nothing else', async (word) => {
    expect(await runToEnd([word])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test.each(['--help', '-h', 'help', 'translate --help'])('%s explains', async (words) => {
    const { code, stdout, stderr } = await runToEnd(words.split(' '));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['serve', 'translate', 'config', 'health', '--port', '--auth-mode', 'openai-responses']) {
      expect(stdout).toContain(word);
    }
    // a secret has no flag among the settings: a command line is seen by every user of the machine
    const settings = stdout.split('\n').find((line) => line.includes('Settings of'));
    expect(settings).not.toMatch(/--api-key|--admin-password/);
  });

  test('starts with version, address, UI, accounts and data folder', async () => {
    await withFolder(async (home) => {
      mkdirSync(join(home, 'data'));
      await using gateway = await startGateway({ folder: join(home, 'data') });
      const lines = gateway.stderr().trim().split('\n');
      expect(lines[0]).toBe(`Trivium ${manifest.version}`);
      expect(lines.slice(1, 5)).toEqual([
        `  address   ${gateway.url}`,
        `  UI        http://localhost:${gateway.port}/ui`,
        '  accounts  1',
        `  data      ${join(home, 'data')}`,
      ]);
    });
  });
});
