import { describe, expect, test } from 'bun:test';
import { runHealth } from '../../../src/cli/health.ts';
import { resolveSettings } from '../../../src/config/resolve.ts';
import { handTerminal } from '../../support/hand-terminal.ts';

async function run(answer: () => Response, stored: { [key: string]: string } = {}) {
  const asked: { url: string; headers: { readonly [name: string]: string } }[] = [];
  const terminal = handTerminal();
  const { values } = resolveSettings({ flags: { port: '9000' }, environment: {}, stored });
  const code = await runHealth(values, terminal, async (url, headers) => {
    asked.push({ url, headers });
    return answer();
  });
  return { code, asked, out: terminal.written(), told: terminal.told };
}

describe('the health of a gateway', () => {
  test('is good when it says so', async () => {
    const { code, asked, out } = await run(() => Response.json({ status: 'ok' }));
    expect(code).toBe(0);
    expect(asked).toEqual([{ url: 'http://127.0.0.1:9000/healthz', headers: {} }]);
    expect(out).toBe('{"status":"ok"}\n');
  });

  test('is asked with the key that its own settings hold', async () => {
    const { asked } = await run(() => Response.json({ status: 'ok' }), { api_key: 'sk-0123456789' });
    expect(asked[0]!.headers).toEqual({ 'x-api-key': 'sk-0123456789' });
  });

  test.each<[string, () => Response, string]>([
    ['is stopped', () => Response.json({ status: 'stopped' }, { status: 503 }), 'answers 503: {"status":"stopped"}'],
    [
      'does not answer',
      () => {
        throw new Error('connection refused');
      },
      'does not answer: connection refused',
    ],
  ])('is bad when it %s', async (_what, answer, words) => {
    const { code, out, told } = await run(answer);
    expect([code, out]).toEqual([1, '']);
    expect(told.join()).toContain(words);
  });
});
