import { describe, expect, test } from 'bun:test';
import { parseJsonObject } from '../../../src/base/json.ts';
import { followReferences } from '../../../src/relay/follow-references.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAccount,
  chatAnswer,
  chatFrames,
  claudeAccount,
  claudeAnswer,
  claudeFrames,
  readAnswer,
  refuses,
  type SendStep,
  setUpRelay,
  streams,
} from '../../support/relay-set-up.ts';
import { responseMemory } from '../../support/response-memory.ts';
import { ask, claude, gpt, openaiAccount, responseAnswer, twoTurns } from '../../support/responses-turns.ts';

const words = { ...claude, input: 'Hi' };

describe('a response that was translated', () => {
  test('is gone on from by its id, its instructions left behind', async () => {
    const { sent, said, second } = await twoTurns(
      { ...words, instructions: 'Be brief.' },
      { ...claude, input: 'And now?' },
      [answers(claudeAnswer('one')), answers(claudeAnswer('two'))],
      [claudeAccount('a')],
    );
    expect(said).toMatchObject({ store: true, previous_response_id: null });
    expect(second).toMatchObject({ previous_response_id: said.id, output: [{ content: [{ text: 'two' }] }] });
    const { messages, system } = parseJsonObject(bodyOf(sent[1]));
    expect(system).toBeUndefined();
    expect(messages).toMatchObject([
      { role: 'user', content: [{ text: 'Hi' }] },
      { role: 'assistant', content: [{ text: 'one' }] },
      { role: 'user', content: [{ text: 'And now?' }] },
    ]);
  });

  test('keeps its whole history over many turns, the beginning of it byte for byte', async () => {
    const steps = ['one', 'two', 'three'].map((text) => answers(claudeAnswer(text)));
    const setUp = setUpRelay(steps, { accounts: [claudeAccount('a')] });
    const relay = createRelay(setUp.ports);
    let previous: object = {};
    for (const input of ['a', 'b', 'c']) {
      const call = ask({ ...claude, input, ...previous }, { exchangeId: input });
      previous = { previous_response_id: parseJsonObject(await readAnswer(await relay.carry(call))).id };
    }
    const [, second, third] = setUp.sent.map((request) => bodyOf(request));
    const history = (body: string) => body.slice(body.indexOf('"messages"'), body.indexOf('"b"'));
    expect(history(third!)).toBe(history(second!));
    expect(parseJsonObject(third!).messages).toHaveLength(5);
  });

  test('is kept from a stream too, as the client saw it', async () => {
    const memory = responseMemory();
    const frames = [claudeFrames.start, claudeFrames.open, claudeFrames.text('Hello'), claudeFrames.close];
    const steps = [streams(...frames, claudeFrames.finish, claudeFrames.stop)];
    const { text } = await carry(ask({ ...words, stream: true }), steps, {
      accounts: [claudeAccount('a')],
      responses: memory,
    });
    const last = text.trim().split('\n').at(-1)!.slice('data: '.length);
    const { response } = parseJsonObject(last) as { response: { id: string } };
    expect(memory.response(response.id)).toMatchObject({ response, input: [{ role: 'user' }] });
  });

  test('is kept from a whole answer that is told as a stream', async () => {
    const memory = responseMemory();
    const options = { accounts: [claudeAccount('a')], responses: memory };
    await carry(ask({ ...words, stream: true }), [answers(claudeAnswer())], options);
    expect(memory.isEmpty()).toBe(false);
  });

  test.each<[string, object, SendStep]>([
    ['its client said so', { store: false }, answers(claudeAnswer())],
    ['it failed', {}, refuses(400, 'no')],
    ['it broke', { stream: true }, streams(claudeFrames.start, claudeFrames.open, claudeFrames.text('He'))],
  ])('is not kept when %s', async (_why, more, step) => {
    const memory = responseMemory();
    await carry(ask({ ...words, ...more }), [step], { accounts: [claudeAccount('a')], responses: memory });
    expect(memory.isEmpty()).toBe(true);
  });

  test('of another dialect is not kept', async () => {
    const memory = responseMemory();
    const body = { ...claude, messages: [{ role: 'user', content: 'Hi' }] };
    await carry(aCall('openai-chat', body), [answers(claudeAnswer())], {
      accounts: [claudeAccount('a')],
      responses: memory,
    });
    expect(memory.isEmpty()).toBe(true);
  });

  test('is gone on from by an upstream of Responses as well, which knows nothing of it', async () => {
    const { sent } = await twoTurns(
      words,
      { ...gpt, input: 'And now?' },
      [answers(claudeAnswer('one')), answers(responseAnswer())],
      [claudeAccount('a'), openaiAccount('b')],
    );
    const body = parseJsonObject(bodyOf(sent[1]));
    expect(body).not.toHaveProperty('previous_response_id');
    expect(body.input).toMatchObject([{ role: 'user' }, { role: 'assistant' }, { role: 'user' }]);
    expect(JSON.stringify(body.input)).not.toContain('"id"');
  });

  test('is gone on from after a failed account, by another one of another kind', async () => {
    const alias = { name: 'best', targets: [{ model: claude.model }, { model: 'gpt-4o' }], strict: false };
    const steps = [answers(claudeAnswer('one')), refuses(500, 'oops'), answers(chatAnswer('two'))];
    const setUp = setUpRelay(steps, { accounts: [claudeAccount('a'), chatAccount('c')], aliases: [alias] });
    const relay = createRelay(setUp.ports);
    const { id } = parseJsonObject(await readAnswer(await relay.carry(ask({ model: 'best', input: 'Hi' }))));
    const answer = await relay.carry(ask({ model: 'best', input: 'More', previous_response_id: id }));
    expect(await readAnswer(answer)).toContain('two');
    expect(parseJsonObject(bodyOf(setUp.sent[2])).messages).toMatchObject([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'one' },
      { role: 'user', content: 'More' },
    ]);
  });

  test('has items that can be named one by one', async () => {
    const setUp = setUpRelay([answers(claudeAnswer('one')), answers(claudeAnswer('two'))], {
      accounts: [claudeAccount('a')],
    });
    const relay = createRelay(setUp.ports);
    const said = parseJsonObject(await readAnswer(await relay.carry(ask(words))));
    const { id } = (said.output as { id: string }[])[0]!;
    const input = [
      { role: 'user', content: 'Hi' },
      { type: 'item_reference', id },
      { role: 'user', content: 'More' },
    ];
    await relay.carry(ask({ ...claude, input }));
    expect(parseJsonObject(bodyOf(setUp.sent[1])).messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ text: 'one' }] },
      { role: 'user' },
    ]);
  });
});

describe('what nobody knows', () => {
  test.each<[object, object]>([
    [
      { previous_response_id: 'resp_x' },
      { param: 'previous_response_id', code: 'previous_response_not_found', type: 'invalid_request_error' },
    ],
    [{ input: [{ type: 'item_reference', id: 'msg_x' }] }, { param: 'input[0].id', code: 'item_not_found' }],
    [{ conversation: 'conv_1' }, { param: 'conversation', code: 'unsupported_value' }],
    [{ background: true }, { param: 'background', code: 'unsupported_value' }],
    [{ prompt: { id: 'pmpt_1' } }, { param: 'prompt', code: 'unsupported_value' }],
  ])('is refused without an attempt: %j', async (fields, error) => {
    const { status, text, sent, inFlight, records } = await carry(ask({ ...words, ...fields }), [], {
      accounts: [claudeAccount('a'), claudeAccount('b')],
    });
    expect(status).toBe(400);
    expect(parseJsonObject(text).error).toMatchObject(error);
    expect(sent).toEqual([]);
    expect(inFlight()).toBe(0);
    expect(records[0]).toMatchObject({ status: 400, attempts: [] });
  });

  test('goes to an account of the own dialect where there is one', async () => {
    const both = [chatAccount('a', { models: [gpt.model] }), openaiAccount('b')];
    const body = { ...gpt, input: 'Hi', previous_response_id: 'resp_x', background: true };
    const { sent, text } = await carry(ask(body), [answers(responseAnswer())], { accounts: both });
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(['b.test']);
    expect(bodyOf(sent[0])).toBe(JSON.stringify(body));
    expect(text).toBe(JSON.stringify(responseAnswer()));
  });
});

test('a call that refers to nothing is not touched', () => {
  const memory = responseMemory({ id: 'resp_1', input: [], response: {} });
  const plain = ask({ ...words, input: [{ role: 'user', content: 'no reference' }] });
  expect(followReferences(plain, memory)).toBe(plain);
  const unknown = ask({ ...words, previous_response_id: 'resp_x' });
  expect(followReferences(unknown, memory)).toBe(unknown);
  const chat = aCall('openai-chat', { model: 'm', messages: [], previous_response_id: 'resp_1' });
  expect(followReferences(chat, memory)).toBe(chat);
});

test('chat streams are kept as well', async () => {
  const memory = responseMemory();
  const steps = [streams(chatFrames.role, chatFrames.text('Hi'), chatFrames.finish, chatFrames.done)];
  await carry(ask({ model: 'gpt-4o', input: 'x', stream: true }), steps, { responses: memory });
  expect(memory.isEmpty()).toBe(false);
});
