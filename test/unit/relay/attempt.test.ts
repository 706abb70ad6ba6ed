import { describe, expect, test } from 'bun:test';
import { writeSeal } from '../../../src/translate/seal.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAccount,
  chatAnswer,
  chatBody,
  claudeAccount,
  claudeAnswer,
  claudeBody,
} from '../../support/relay-set-up.ts';

const CLAUDE = { accounts: [claudeAccount('c')] };

describe('within one dialect', () => {
  test('the bytes pass both ways', async () => {
    const asked = '{ "model":"gpt-4o",\n "messages":[{"role":"user","content":"h\\u0069"}], "new_field": 1.0 }';
    const said = `  ${JSON.stringify(chatAnswer())}\n`;
    const { sent, text } = await carry(aCall('openai-chat', asked), [answers(said)]);
    expect(bodyOf(sent[0])).toBe(asked);
    expect(sent[0]!.url).toBe('http://a.test/v1/chat/completions');
    expect(text).toBe(said);
  });

  test('only the model is replaced when an alias leads elsewhere', async () => {
    const asked = '{ "n": 1.0, "model" : "fast",\n "messages":[{"role":"user","content":"\\"model\\": \\"fast\\""}] }';
    const aliases = [{ name: 'fast', targets: [{ model: 'gpt-4o' }] }];
    const { sent, headers } = await carry(aCall('openai-chat', asked), [answers(chatAnswer())], { aliases });
    expect(bodyOf(sent[0])).toBe(asked.replace('"fast"', '"gpt-4o"'));
    expect(headers['x-trivium-model']).toBe('gpt-4o');
  });

  test('a seal of ours is opened on its way home', async () => {
    const signature = writeSeal({ dialect: 'anthropic-messages', value: 'home' }, 'openai-chat');
    const thought = { type: 'thinking', thinking: 'hm', signature };
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [thought, { type: 'text', text: 'yes' }] },
      { role: 'user', content: 'go on' },
    ];
    const call = aCall('anthropic-messages', claudeBody({ messages }));
    const { sent } = await carry(call, [answers(claudeAnswer())], CLAUDE);
    expect(JSON.parse(bodyOf(sent[0])).messages[1].content[0].signature).toBe('home');
  });

  test('an error that a 200 holds is one', async () => {
    const error = { error: { message: 'it broke', type: 'server_error' } };
    const { status, records } = await carry(aCall('openai-chat', chatBody()), [answers(error), answers(error)]);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(records[0]!.attempts).toHaveLength(2);
  });
});

describe('between two dialects', () => {
  test('request and answer are translated', async () => {
    const call = aCall('openai-chat', chatBody({ model: 'claude-sonnet-4-5' }));
    const { sent, text } = await carry(call, [answers(claudeAnswer())], CLAUDE);
    expect(sent[0]!.url).toBe('http://c.test/v1/messages');
    expect(JSON.parse(bodyOf(sent[0]))).toMatchObject({ model: 'claude-sonnet-4-5', messages: [{ role: 'user' }] });
    expect(JSON.parse(text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
    });
  });

  test('what was lost is named in a header and in the record', async () => {
    const call = aCall('openai-chat', chatBody({ model: 'claude-sonnet-4-5', logit_bias: { '1': 1 } }));
    const { headers, records } = await carry(call, [answers(claudeAnswer())], CLAUDE);
    expect(headers['x-trivium-warnings']!.split(', ')).toEqual(['logit_bias']);
    expect(records[0]!.losses.map((loss) => loss.field)).toEqual(['logit_bias']);
  });

  const lossy = chatBody({ model: 'claude-sonnet-4-5', logit_bias: { '1': 1 } });

  test('a strict client hears a refusal instead, before anything is sent', async () => {
    const { status, text, sent, state, inFlight } = await carry(
      aCall('openai-chat', lossy, { strict: true }),
      [],
      CLAUDE,
    );
    expect(status).toBe(400);
    expect(text).toContain('logit_bias');
    expect(sent).toEqual([]);
    expect(state('c').strikes).toBe(0);
    expect(inFlight()).toBe(0);
  });

  test('an alias may be strict for its clients', async () => {
    const aliases = [{ name: 'exact', targets: [{ model: 'claude-sonnet-4-5' }], strict: true }];
    const call = aCall('openai-chat', { ...lossy, model: 'exact' });
    const { status, text, sent } = await carry(call, [answers(claudeAnswer())], { ...CLAUDE, aliases });
    expect(status).toBe(400);
    expect(text).toContain('logit_bias');
    expect(sent).toEqual([]);
  });

  test('a strict client hears it too where bytes pass to a server that takes less than its dialect', async () => {
    const accounts = [anAccount('z', { provider: 'zai', models: ['glm-4.6'] })];
    const body = chatBody({ model: 'glm-4.6', logit_bias: { '1': 1 } });
    const loose = await carry(aCall('openai-chat', body), [answers(chatAnswer())], { accounts });
    expect(loose.headers['x-trivium-warnings']).toBe('logit_bias');
    const strict = await carry(aCall('openai-chat', body, { strict: true }), [], { accounts });
    expect(strict.status).toBe(400);
    expect(strict.text).toContain('logit_bias');
    expect(strict.sent).toEqual([]);
  });

  test('a strict client is served what loses nothing', async () => {
    const call = aCall('openai-chat', chatBody({ model: 'claude-sonnet-4-5' }), { strict: true });
    expect((await carry(call, [answers(claudeAnswer())], CLAUDE)).status).toBe(200);
  });

  test('a wrong request is refused by its field, and nobody is asked', async () => {
    const call = aCall('openai-chat', { model: 'claude-sonnet-4-5', messages: 'hi' });
    const { status, text, sent, state } = await carry(call, [], CLAUDE);
    expect(status).toBe(400);
    expect(JSON.parse(text).error.param).toBe('messages');
    expect(sent).toEqual([]);
    expect(state('c').strikes).toBe(0);
  });

  test('a request nested beyond measure is refused before it is paid for', async () => {
    const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
    const body = `{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"}],"metadata":${deep}}`;
    const { status, sent } = await carry(aCall('openai-chat', body), [], CLAUDE);
    expect(status).toBe(400);
    expect(sent).toEqual([]);
  });
});

describe('the headers of a request', () => {
  test('carry the account’s key and never the client’s', async () => {
    const headers = { authorization: 'Bearer client-key', cookie: 'c=1', 'user-agent': 'tool/1' };
    const { sent } = await carry(aCall('openai-chat', chatBody(), { headers }), [answers(chatAnswer())]);
    expect(sent[0]!.headers).toMatchObject({ authorization: 'Bearer sk-a-0123456789', 'user-agent': 'tool/1' });
    expect(JSON.stringify(sent[0]!.headers)).not.toContain('client-key');
    expect(sent[0]!.headers.cookie).toBeUndefined();
  });

  test('go through the account’s proxy', async () => {
    const accounts = [chatAccount('a', { proxyUrl: 'http://proxy:1' })];
    const { sent } = await carry(aCall('openai-chat', chatBody()), [answers(chatAnswer())], { accounts });
    expect(sent[0]!.proxyUrl).toBe('http://proxy:1');
  });
});

describe('a model of another generation, by an alias', () => {
  const options = {
    accounts: [claudeAccount('c', { models: ['claude-opus-4-8'] })],
    aliases: [{ name: 'claude-sonnet-4-5', targets: [{ model: 'claude-opus-4-8' }] }],
  };

  test('gets thinking in its own form, and every other byte as it came', async () => {
    const asked =
      '{ "model":"claude-sonnet-4-5", "max_tokens":  32000,\n "thinking":{"type":"enabled","budget_tokens":24576}, "temperature" : 1.0,\n' +
      ' "messages":[ {"role":"assistant","content":[{"type":"thinking","thinking":"h\\u0069","signature":"EqQB=="}]} ], "new":1e3 }';
    const { sent, headers } = await carry(aCall('anthropic-messages', asked), [answers(claudeAnswer())], options);
    expect(bodyOf(sent[0])).toBe(
      '{ "model":"claude-opus-4-8", "max_tokens":  32000,\n "thinking":{"type":"adaptive","display":"summarized"},\n' +
        ' "messages":[ {"role":"assistant","content":[{"type":"thinking","thinking":"h\\u0069","signature":"EqQB=="}]},{"role":"user","content":"Continue."} ], "new":1e3,"output_config":{"effort":"high"} }',
    );
    expect(headers['x-trivium-warnings']).toBe('thinking, prefill');
  });

  test('refuses what it would lose where the client wants no losses', async () => {
    const body = claudeBody({ max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1024 } });
    const { status, sent } = await carry(aCall('anthropic-messages', body, { strict: true }), [], options);
    expect([status, sent.length]).toEqual([400, 0]);
  });

  test('is none, when the name only says whose model it is', async () => {
    const body = claudeBody({ model: 'c/claude-opus-4-8', thinking: { type: 'enabled', budget_tokens: 1024 } });
    const { sent } = await carry(aCall('anthropic-messages', body), [answers(claudeAnswer())], options);
    expect(JSON.parse(bodyOf(sent[0]))).toEqual({ ...body, model: 'claude-opus-4-8' });
  });
});
