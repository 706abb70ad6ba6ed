import { describe, expect, test } from 'bun:test';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/base/json.ts';
import { runToEnd, startGateway } from '../support/executable.ts';
import { withFolder } from '../support/temporary-store.ts';

const CHAT = {
  model: 'gpt-5.5',
  temperature: 0.5,
  max_tokens: 100,
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Grüße' },
  ],
};
const ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-5',
  content: [
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'it' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 },
};
const EVENTS = [
  'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}',
  'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}',
  'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}',
  'data: [DONE]',
]
  .map((line) => `${line}\n\n`)
  .join('');

const GEMINI_EVENTS = [
  '{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"index":0}],"modelVersion":"m","responseId":"r"}',
  '{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5}}',
]
  .map((chunk) => `data: ${chunk}\r\n\r\n`)
  .join('');

const translate = (words: readonly string[], input: string) => runToEnd(['translate', ...words], { input });
const lossesIn = (stderr: string): JsonObject[] =>
  stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject);

describe('trivium translate', () => {
  test('a request goes to standard output, what it lost to standard error', async () => {
    const request = { ...CHAT, logit_bias: { 50256: -100 } };
    const { code, stdout, stderr } = await translate(
      ['request', '--from', 'openai-chat', '--to', 'anthropic-messages'],
      JSON.stringify(request),
    );
    expect(code).toBe(0);
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'gpt-5.5',
      max_tokens: 100,
      system: expect.anything(),
      messages: [{ role: 'user' }],
    });
    expect(lossesIn(stderr)).toEqual([
      { field: 'logit_bias', effect: expect.stringMatching(/dropped|approximated/), reason: expect.any(String) },
    ]);
  });

  test('a loss is an error when it is strict, and nothing is put out then', async () => {
    const request = JSON.stringify({ ...CHAT, logit_bias: { 50256: -100 } });
    const way = ['request', '--from', 'openai-chat', '--to', 'anthropic-messages', '--strict'];
    const lossy = await translate(way, request);
    expect({ code: lossy.code, stdout: lossy.stdout }).toEqual({ code: 3, stdout: '' });
    expect(lossy.stderr).toContain('logit_bias');
    const { model, messages } = CHAT;
    expect(await translate(way, JSON.stringify({ model, messages, max_tokens: 9 }))).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  test('a request of Gemini needs to be told its model, and whether it streams', async () => {
    const request = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] });
    const way = ['request', '--from', 'gemini', '--to', 'openai-chat', '--model', 'gemini-3.5-flash'];
    expect(JSON.parse((await translate(way, request)).stdout)).toMatchObject({ model: 'gemini-3.5-flash' });
    const streamed = JSON.parse((await translate([...way, '--stream'], request)).stdout);
    expect(streamed).toMatchObject({ stream: true, messages: [{ role: 'user' }] });
  });

  test('an answer', async () => {
    const { code, stdout } = await translate(
      ['response', '--from', 'anthropic-messages', '--to', 'openai-responses', '--model', 'asked-for'],
      JSON.stringify(ANSWER),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      object: 'response',
      model: 'asked-for',
      status: 'completed',
      output: [{ type: 'message' }, { type: 'function_call', name: 'look', arguments: '{"at":"it"}' }],
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    });
  });

  test('a stream, with what the request wanted of it', async () => {
    const toAnthropic = await translate(['stream', '--from', 'openai-chat', '--to', 'anthropic-messages'], EVENTS);
    expect(toAnthropic.code).toBe(0);
    expect([...toAnthropic.stdout.matchAll(/^event: (\w+)$/gm)].map((match) => match[1])).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    await withFolder(async (folder) => {
      const file = join(folder, 'request.json');
      const way = ['stream', '--from', 'gemini', '--to', 'openai-chat', '--request', file];
      for (const include_usage of [true, false]) {
        writeFileSync(file, JSON.stringify({ ...CHAT, stream: true, stream_options: { include_usage } }));
        const { code, stdout } = await translate(way, GEMINI_EVENTS);
        expect(code).toBe(0);
        expect(stdout.includes('"prompt_tokens":3')).toBe(include_usage);
      }
      const missing = await translate([...way.slice(0, -1), join(folder, 'nowhere.json')], EVENTS);
      expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nowhere.json') });
    });
  });

  test('an error, with its status', async () => {
    const { code, stdout } = await translate(
      ['error', '--from', 'anthropic-messages', '--to', 'gemini', '--status', '429'],
      JSON.stringify({ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down.' } }),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Slow down.' },
    });
  });

  test('text that cannot be read ends with 1 and says why', async () => {
    const way = ['--from', 'openai-chat', '--to', 'gemini'];
    for (const [kind, input, words] of [
      ['request', 'hello', /JSON/],
      ['request', '{"model":"m"}', /messages/],
      ['response', '[]', /JSON|object/],
    ] as const) {
      const { code, stdout, stderr } = await translate([kind, ...way], input);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(words);
      expect(stderr).not.toContain('    at ');
    }
  });

  test.each([
    [['translate'], /request, response, stream, error.*batch/],
    [['translate', 'poem', '--from', 'gemini', '--to', 'gemini'], /request, response, stream, error.*batch/],
    [['translate', 'request', '--to', 'gemini'], /--from must be one of openai-chat/],
    [['translate', 'request', '--from', 'gemini', '--to', 'morse'], /--to must be one of openai-chat/],
    [['translate', 'error', '--from', 'gemini', '--to', 'gemini', '--status', 'many'], /--status/],
    [['translate', 'request', 'twice', '--from', 'gemini', '--to', 'gemini'], /twice/],
    [['translate', 'request', '--sideways'], /sideways/],
  ])('%j is wrong usage and ends with 2', async (words, sentence) => {
    const { code, stdout, stderr } = await runToEnd(words, { input: '{}' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
  });

  test('many at once, in order, whatever is wrong with some', async () => {
    const body = JSON.stringify(CHAT);
    const lines = [
      { id: 1, kind: 'request', from: 'openai-chat', to: 'gemini', body },
      'not json',
      { id: 'two', kind: 'response', from: 'anthropic-messages', to: 'openai-chat', body: JSON.stringify(ANSWER) },
      { id: 3, kind: 'request', from: 'openai-chat', to: 'nowhere', body },
      { id: 4, kind: 'request', from: 'openai-chat', to: 'gemini', body: '{' },
      { id: 5, kind: 'stream', from: 'openai-chat', to: 'gemini', body: EVENTS, model: 'mine' },
      { id: 6, kind: 'error', from: 'gemini', to: 'openai-chat', body: 'Bad Gateway', status: 502 },
      { kind: 'request', from: 'openai-chat', to: 'gemini', body },
      [],
    ].map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    const { code, stdout } = await translate(['batch'], `${lines.join('\n')}\n\n`);
    expect(code).toBe(0);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; ok: boolean; output?: string; error?: JsonObject });
    expect(answers.map(({ id, ok }) => [id, ok])).toEqual([
      [1, true],
      [null, false],
      ['two', true],
      [3, false],
      [4, false],
      [5, true],
      [6, true],
      [null, true],
      [null, false],
    ]);
    expect(JSON.parse(answers[0]!.output!)).toMatchObject({ contents: [{ role: 'user' }] });
    expect(answers[5]!.output).toContain('"modelVersion":"mine"');
    for (const { ok, error } of answers) {
      if (!ok) expect(error).toEqual({ status: 400, kind: expect.any(String), message: expect.any(String) });
    }
  });

  test('thousands of lines go through', async () => {
    const line = JSON.stringify({
      id: 7,
      kind: 'request',
      from: 'openai-chat',
      to: 'gemini',
      body: JSON.stringify(CHAT),
    });
    const { code, stdout } = await translate(['batch', '--strict'], `${line}\n`.repeat(5000));
    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBe(5001);
  });
});

describe('trivium config', () => {
  test('shows every value and where it came from, secrets hidden, and makes no folder', async () => {
    await withFolder(async (home) => {
      const environment = { HOME: home, TRIVIUM_API_KEY: 'sk-secret-0123456789', TRIVIUM_ADMIN_PASSWORD: 'hush' };
      const { code, stdout, stderr } = await runToEnd(['config', '--port', '9000', '--json'], { environment });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const rows = JSON.parse(stdout) as { key: string; value?: unknown; source: string }[];
      const find = (key: string) => rows.find((row) => row.key === key);
      expect(find('port')).toEqual({ key: 'port', value: 9000, source: 'flag' });
      expect(find('api_key')).toMatchObject({ source: 'environment', value: expect.stringContaining('…') });
      expect(find('auth_mode')).toEqual({ key: 'auth_mode', value: 'off', source: 'default' });
      const table = await runToEnd(['config'], { environment });
      expect(table.stdout).toMatch(/^port +default +8045$/m);
      for (const text of [stdout, table.stdout]) expect(text).not.toMatch(/secret-0123|hush/);
      expect(readdirSync(home)).toEqual([]);
    });
  });

  test('shows what is stored, and does not disturb a gateway that runs', async () => {
    await using gateway = await startGateway();
    await gateway.api('/api/settings', { method: 'PATCH', body: { retention_days: 9 } });
    const { code, stdout } = await runToEnd(['config', '--data-dir', gateway.folder, '--json']);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as { key: string; value: unknown; source: string }[];
    expect(rows.find(({ key }) => key === 'retention_days')).toMatchObject({ value: 9, source: 'stored' });
    expect((await gateway.api('/healthz')).status).toBe(200);
  });
});

describe('trivium doctor --conformance', () => {
  test('runs every scenario in the executable', async () => {
    await withFolder(async (folder) => {
      const { code, stdout, stderr } = await runToEnd(['doctor', '--conformance'], { startIn: folder });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^anthropic-messages +gemini +parallel-tool-calls +ok$/m);
      expect(stderr).toMatch(/^\d{4} cells: .* 0 failed$/m);
    });
  });
});

describe('trivium health', () => {
  test('tells whether the gateway answers, with the key where one is asked', async () => {
    const key = { TRIVIUM_API_KEY: 'sk-secret-0123456789' };
    const gateway = await startGateway({ flags: { 'auth-mode': 'strict' }, environment: key });
    const words = ['health', '--port', String(gateway.port), '--data-dir', gateway.folder];
    expect(await runToEnd(words, { environment: key })).toEqual({ code: 0, stdout: '{"status":"ok"}\n', stderr: '' });
    await gateway.api('/api/service/stop', { method: 'POST', headers: { 'x-api-key': key.TRIVIUM_API_KEY } });
    expect(await runToEnd(words, { environment: key })).toMatchObject({ code: 1, stdout: '' });
    await gateway[Symbol.asyncDispose]();
    const gone = await runToEnd(words, { environment: key });
    expect(gone).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('does not answer') });
  });
});
