import { expect, test } from 'bun:test';
import { runToEnd, startGateway } from '../support/executable.ts';

test('trivium doctor looks at a running gateway and its accounts', async () => {
  await using gateway = await startGateway();
  await gateway.addAccount({
    name: 'dead',
    provider: 'openai',
    base_url: 'http://127.0.0.1:9/v1',
    credential: { type: 'api_key', api_key: 'sk-0123456789' },
    models: ['m'],
  });
  const flags = ['--port', String(gateway.port), '--data-dir', gateway.folder];
  const { code, stdout } = await runToEnd(['doctor', ...flags], { startIn: gateway.folder });
  expect(stdout).toMatch(/^ok +exposure +Only this machine/m);
  expect(stdout).toMatch(/^ok +gateway +It answers/m);
  expect(stdout).toMatch(/^ok +account demo +It works/m);
  expect(stdout).toMatch(/^fail +account dead .*\n +→ \S/m);
  expect(code).toBe(1);
});
