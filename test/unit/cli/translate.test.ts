import { describe, expect, test } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranslateOptions } from '../../../src/cli/command-line.ts';
import { runTranslate, runTranslateBatch } from '../../../src/cli/translate.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { handTerminal } from '../../support/hand-terminal.ts';
import { withFolder } from '../../support/temporary-store.ts';

const OPTIONS: TranslateOptions = { kind: 'request', from: 'openai-chat', to: 'anthropic-messages', strict: false };
const REQUEST = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };
const LOSSY = { ...REQUEST, logit_bias: { '1': 1 } };

async function run(options: Partial<TranslateOptions>, input: object | string) {
  const terminal = handTerminal(typeof input === 'string' ? input : JSON.stringify(input));
  const code = await runTranslate({ ...OPTIONS, ...options }, terminal, createFakeClock());
  return { code, out: terminal.written(), told: terminal.told };
}

describe('translating one text', () => {
  test('writes it with one line end', async () => {
    const { code, out, told } = await run({}, REQUEST);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ model: 'm', max_tokens: 9 });
    expect(out).toMatch(/[^\n]\n$/);
    expect(told).toEqual([]);
    expect((await run({ to: 'openai-chat' }, 'as it is\n')).out).toBe('as it is\n');
  });

  test('tells what was lost, one JSON object a line', async () => {
    const { code, told } = await run({}, LOSSY);
    expect(code).toBe(0);
    expect(told.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ field: 'logit_bias' }));
  });

  test('strictly: ends with 3 and writes nothing', async () => {
    const { code, out, told } = await run({ strict: true }, LOSSY);
    expect([code, out]).toEqual([3, '']);
    expect(told.at(-1)).toContain('logit_bias');
    expect((await run({ strict: true }, REQUEST)).code).toBe(0);
  });

  test.each([
    [{}, 'no json', 'not valid JSON'],
    [{}, '{"model":"m","messages":7}', 'messages'],
    [{ to: 'openai-completions' }, '{"model":"m","messages":[{"role":"user","content":"hi"}]}', 'no upstream half'],
    [{ kind: 'response', request: '/nowhere/request.json' }, '{}', '--request cannot be read'],
  ] as const)('%j of %s ends with 1 and a sentence', async (options, input, words) => {
    const { code, out, told } = await run(options, input);
    expect([code, out]).toEqual([1, '']);
    expect(told.join('\n')).toContain(words);
  });

  test('reads the client’s request from its file', async () => {
    await withFolder(async (folder) => {
      const request = join(folder, 'request.json');
      await writeFile(request, JSON.stringify({ ...REQUEST, model: 'asked' }));
      const answer = {
        id: 'c',
        model: 'served',
        choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
      };
      const { code, out } = await run({ kind: 'response', request }, answer);
      expect(code).toBe(0);
      expect(JSON.parse(out).model).toBe('asked');
    });
  });
});

describe('translating line by line', () => {
  const line = (id: unknown, body: object) =>
    JSON.stringify({ id, kind: 'request', from: 'openai-chat', to: 'anthropic-messages', body: JSON.stringify(body) });

  async function runBatch(lines: readonly string[], strict = false) {
    const terminal = handTerminal(lines.join('\n'));
    const code = await runTranslateBatch(strict, terminal, createFakeClock());
    const out = terminal.written();
    return {
      code,
      out:
        out === ''
          ? []
          : out
              .trimEnd()
              .split('\n')
              .map((text) => JSON.parse(text)),
    };
  }

  test('answers in order, and a bad line ends nothing', async () => {
    const lines = [
      line('a', REQUEST),
      'no json',
      '',
      '   ',
      '[]',
      line(7, { messages: 7 }),
      '{"id":"x"}',
      line(null, REQUEST),
    ];
    const { code, out } = await runBatch(lines);
    expect(code).toBe(0);
    expect(out.map(({ id, ok }) => [id, ok])).toEqual([
      ['a', true],
      [null, false],
      [null, false],
      [7, false],
      ['x', false],
      [null, true],
    ]);
    expect(JSON.parse(out[0].output)).toMatchObject({ model: 'm' });
    expect(out[1].error).toMatchObject({ status: 400, kind: 'invalid-request', message: expect.any(String) });
  });

  test('tells what each lost', async () => {
    const { out } = await runBatch([line('a', LOSSY)]);
    expect(out[0].losses.map((loss: { field: string }) => loss.field)).toContain('logit_bias');
  });

  test('strictly: a loss is an error of its line', async () => {
    const { code, out } = await runBatch([line('a', LOSSY), line('b', REQUEST)], true);
    expect(code).toBe(0);
    expect(out).toMatchObject([
      { id: 'a', ok: false, error: { kind: 'translation-refused' } },
      { id: 'b', ok: true },
    ]);
  });

  test('of nothing is nothing', async () => {
    expect(await runBatch([])).toEqual({ code: 0, out: [] });
  });
});
