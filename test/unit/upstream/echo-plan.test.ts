import { describe, expect, test } from 'bun:test';
import {
  type CanonicalRequest,
  emptyRequest,
  type Message,
  type Tool,
  type UserPart,
} from '../../../src/translate/canonical/request.ts';
import { planEcho } from '../../../src/upstream/echo-plan.ts';

const weather: Tool = {
  kind: 'function',
  name: 'get_weather',
  schema: { type: 'object', properties: { city: { type: 'string' }, unit: { type: 'string' } }, required: ['city'] },
};
const clock: Tool = { kind: 'function', name: 'get_time' };
const patch: Tool = { kind: 'custom', name: 'apply_patch' };

const user = (...parts: readonly (UserPart | string)[]): Message => ({
  role: 'user',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});

const ask = (prompt: string | readonly Message[], change: Partial<CanonicalRequest> = {}): CanonicalRequest => ({
  ...emptyRequest('trivium-echo', false),
  messages: typeof prompt === 'string' ? [user(prompt)] : prompt,
  ...change,
});

const plan = (request: CanonicalRequest) => planEcho(request, 'openai-chat', 'seed');
const textOf = (request: CanonicalRequest) => plan(request).parts.find((part) => part.type === 'text')?.text ?? '';
const callsOf = (request: CanonicalRequest) => plan(request).parts.filter((part) => part.type === 'tool-call');
const namesOf = (request: CanonicalRequest) => callsOf(request).map(({ name }) => name);

describe('what the echo says', () => {
  test('it repeats the last thing the user wrote', () => {
    const messages = [
      user('first'),
      { role: 'assistant', parts: [] } as const,
      user('<reminder>x</reminder>', 'second'),
    ];
    expect(textOf(ask(messages))).toBe('Trivium echo here. You said: second');
    expect(textOf(ask([user('question', '<reminder>x</reminder>')]))).toContain('question');
  });

  test('it has words even for nothing', () => {
    expect(textOf(ask([]))).not.toBe('');
    expect(textOf(ask('   '))).not.toBe('');
  });

  test('a long prompt is repeated in part, and no character is broken', () => {
    const text = textOf(ask('😀'.repeat(5_000)));
    expect(text.length).toBeLessThan(500);
    expect(text.isWellFormed()).toBe(true);
  });

  test('it sees what was sent along', () => {
    const image: UserPart = {
      type: 'media',
      kind: 'image',
      source: { type: 'base64', mimeType: 'image/png', data: 'AA==' },
    };
    expect(textOf(ask([user(image, 'look')]))).toBe('Trivium echo here. You said: look You sent with it: image.');
  });

  test('the limit and the stop sequences are heeded', () => {
    const cut = plan(ask('hello', { sampling: { maxTokens: 2 } }));
    expect(cut.parts).toEqual([{ type: 'text', text: 'Trivium ' }]);
    expect(cut.finish).toEqual({ reason: 'length' });
    const stopped = plan(ask('hello STOP there', { sampling: { stop: ['there', 'STOP'] } }));
    expect(stopped.parts).toEqual([{ type: 'text', text: 'Trivium echo here. You said: hello ' }]);
    expect(stopped.finish).toEqual({ reason: 'stop', stopSequence: 'STOP' });
  });

  test('structured output is an instance of what was asked', () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    expect(textOf(ask('x', { output: { kind: 'schema', schema } }))).toBe('{"ok":true}');
    expect(textOf(ask('x', { output: { kind: 'json' } }))).toBe('{"echo":"x"}');
    expect(textOf(ask('x', { output: { kind: 'choice', values: ['a', 'b'] } }))).toBe('a');
  });

  test('it goes slowly when it is asked to, and then has more to say', () => {
    expect(plan(ask('Tell me slowly')).slowly).toBe(true);
    expect(textOf(ask('Tell me slowly')).split(' ').length).toBeGreaterThan(45);
    expect(plan(ask('Tell me')).slowly).toBe(false);
  });

  test('it thinks when reasoning is asked for, with a proof where the dialect has one', () => {
    const request = ask('x', { reasoning: { effort: 'low' } });
    expect(plan(request).parts.map(({ type }) => type)).toEqual(['reasoning', 'text']);
    expect(plan(request).parts[0]).not.toHaveProperty('seal');
    expect(planEcho(request, 'anthropic-messages', 's').parts[0]).toMatchObject({
      seal: { dialect: 'anthropic-messages', value: expect.any(String) },
    });
    expect(plan(ask('x', { reasoning: { mode: 'off' } })).parts.map(({ type }) => type)).toEqual(['text']);
  });

  test('four characters are a token, and nothing is free', () => {
    const { usage } = plan(ask('x'.repeat(400), { reasoning: { mode: 'on' } }));
    expect(usage.input).toBe(100);
    expect(usage.output).toBeGreaterThan(usage.reasoning!);
    expect(plan(ask([])).usage).toEqual({ input: 1, output: 10 });
    const tool: Tool = { kind: 'function', name: 'f', description: 'd'.repeat(400) };
    expect(plan(ask('x', { tools: [tool] })).usage.input).toBeGreaterThan(100);
  });
});

describe('when the echo calls a tool', () => {
  const tools = [weather, clock, patch];

  test('a tool that the prompt names is called, with the arguments it needs', () => {
    expect(callsOf(ask('What does get_weather say?', { tools }))).toEqual([
      {
        type: 'tool-call',
        callId: expect.stringMatching(/^call_\w{24}$/),
        kind: 'function',
        name: 'get_weather',
        arguments: '{"city":"example"}',
      },
    ]);
    expect(plan(ask('get_weather', { tools })).finish.reason).toBe('tool-calls');
  });

  test('several named tools are called at once, unless that is forbidden', () => {
    const prompt = 'Use get_time and GET_WEATHER';
    expect(namesOf(ask(prompt, { tools }))).toEqual(['get_weather', 'get_time']);
    expect(namesOf(ask(prompt, { tools, parallelToolCalls: false }))).toEqual(['get_weather']);
    const ids = callsOf(ask(prompt, { tools })).map(({ callId }) => callId);
    expect(new Set(ids).size).toBe(2);
  });

  test('a part of a name, or a plain word in another case, is not a name', () => {
    expect(namesOf(ask('get_weather_now', { tools }))).toEqual([]);
    expect(namesOf(ask('please read this', { tools: [{ kind: 'function', name: 'Read' }] }))).toEqual([]);
    expect(namesOf(ask('Read this', { tools: [{ kind: 'function', name: 'Read' }] }))).toEqual(['Read']);
  });

  test('asking for a tool is enough; asking for several gives two', () => {
    expect(namesOf(ask('Call a tool, please', { tools }))).toEqual(['get_weather']);
    expect(namesOf(ask('Make two tool calls', { tools }))).toEqual(['get_weather', 'get_time']);
    expect(namesOf(ask('Call the tool twice in parallel: two tool calls', { tools: [clock] }))).toEqual([
      'get_time',
      'get_time',
    ]);
    expect(namesOf(ask('Hello', { tools }))).toEqual([]);
    expect(namesOf(ask('Call a tool'))).toEqual([]);
  });

  test('the choice of the request is obeyed', () => {
    expect(namesOf(ask('Hello', { tools, toolChoice: { mode: 'required' } }))).toEqual(['get_weather']);
    expect(namesOf(ask('Hello', { tools, toolChoice: { mode: 'named', name: 'get_time' } }))).toEqual(['get_time']);
    expect(namesOf(ask('Hello', { tools, toolChoice: { mode: 'allowed', names: ['get_time'], must: true } }))).toEqual([
      'get_time',
    ]);
    expect(namesOf(ask('get_weather', { tools, toolChoice: { mode: 'none' } }))).toEqual([]);
  });

  test('a custom tool gets free text', () => {
    expect(callsOf(ask('apply_patch', { tools }))[0]).toMatchObject({ kind: 'custom', arguments: 'example' });
  });

  test('what a tool gave is told, and nothing is called again', () => {
    const result: UserPart = {
      type: 'tool-result',
      callId: 'c',
      kind: 'function',
      name: 'get_weather',
      parts: [{ type: 'text', text: '21 degrees' }],
    };
    const request = ask([user('get_weather'), user(result)], { tools, toolChoice: { mode: 'required' } });
    expect(namesOf(request)).toEqual([]);
    expect(textOf(request)).toBe('Trivium echo here. The tool get_weather gave: 21 degrees');
    const failed = { ...result, isError: true };
    expect(textOf(ask([user(failed)]))).toContain('failed with: 21 degrees');
  });
});
