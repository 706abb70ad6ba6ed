import { describe, expect, test } from 'bun:test';
import type { Message } from '../../../../src/translate/canonical/request.ts';
import type { OrderRules } from '../../../../src/translate/repair/order-rules.ts';
import { repairMessages } from '../../../../src/translate/repair/repair-messages.ts';
import {
  assistant,
  CLAUDE_ORDER,
  call,
  conversation,
  GEMINI_ORDER,
  missing,
  OPENAI_ORDER,
  result,
  STRICT_ORDER,
  system,
  user,
} from '../../../support/conversations.ts';

const repair = (rules: OrderRules, ...messages: readonly Message[]) =>
  repairMessages(conversation(...messages), rules).request.messages;

describe('the cases of the specification', () => {
  test('1: a system turn becomes text of the user turn before it, and the next turn leaves it so', () => {
    const history = [user('u1'), system('s2'), user('u2')];
    const repaired = repair(CLAUDE_ORDER, ...history);
    expect(repaired).toEqual([user('u1', '<system>s2</system>', 'u2')]);
    expect(repair(CLAUDE_ORDER, ...history, assistant('a'), user('u3')).slice(0, 1)).toEqual([...repaired]);
  });

  test('2: a system turn stays for OpenAI and is user text for a strict template', () => {
    const history = [user('u1'), system('s'), assistant('a'), user('u2')];
    expect(repair(OPENAI_ORDER, ...history)).toEqual(history);
    expect(repair(STRICT_ORDER, ...history)[0]).toEqual(user('u1', '<system>s</system>'));
  });

  test('2: where only a turn after a user turn may be a system turn, another becomes user text', () => {
    const rules: OrderRules = { ...CLAUDE_ORDER, midSystem: 'keep-after-user' };
    expect(repair(rules, user('u1'), system('s'), assistant('a'), system('t'), user('u2'))).toEqual([
      user('u1'),
      system('s'),
      assistant('a'),
      user('<system>t</system>', 'u2'),
    ]);
  });

  test('3: results stand in call order before what the user says', () => {
    const history = [
      user('u'),
      assistant(call('1'), call('2')),
      user(result('2', 'b')),
      user(result('1', 'a')),
      user('w'),
    ];
    expect(repair(CLAUDE_ORDER, ...history)).toEqual([
      user('u'),
      assistant(call('1'), call('2')),
      user(result('1', 'a'), result('2', 'b'), 'w'),
    ]);
  });

  test('4: a call without a result gets an error as its result', () => {
    expect(repair(CLAUDE_ORDER, user('u'), assistant(call('1'), call('2')), user(result('1', 'a')), user('w'))).toEqual(
      [user('u'), assistant(call('1'), call('2')), user(result('1', 'a'), missing('2'), 'w')],
    );
  });

  test('4: so do calls that nothing follows', () => {
    expect(repair(OPENAI_ORDER, user('u'), assistant(call('1')))).toEqual([
      user('u'),
      assistant(call('1')),
      user(missing('1')),
    ]);
  });

  test('5: a result whose call was trimmed away becomes user text', () => {
    expect(repair(GEMINI_ORDER, user(result('x', 'sunny')), user('and now?'))).toEqual([
      user('[result of earlier tool x] sunny', 'and now?'),
    ]);
  });

  test('6: an id used in two turns is two calls', () => {
    const turn = [assistant(call('x', 'first')), user(result('x', 'a', 'first'))];
    const again = [assistant(call('x', 'second')), user(result('x', 'b', 'second'))];
    expect(repair(GEMINI_ORDER, user('u'), ...turn, ...again)).toEqual([
      user('u'),
      ...turn,
      assistant(call('x_2', 'second')),
      user(result('x_2', 'b', 'second')),
    ]);
  });

  test('10: an id a strict template refuses becomes nine characters, the same in call and result, with an answer between', () => {
    const id = 'call_abcdefghijklmnopqrstuvwx';
    const repaired = repair(STRICT_ORDER, user('u'), assistant(call(id)), user(result(id, 'a')), user('w'));
    const first = repaired[1]?.parts[0];
    const callId = first?.type === 'tool-call' ? first.callId : '';
    expect(callId).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(repaired).toEqual([
      user('u'),
      assistant(call(callId)),
      user(result(callId, 'a')),
      assistant('OK.'),
      user('w'),
    ]);
  });

  test.each([
    ['', '{}'],
    ['[1]', '{"_raw":"[1]"}'],
    ['{"bad"', '{"_raw":"{\\"bad\\""}'],
    ['"text"', '{"_raw":"\\"text\\""}'],
    ['null', '{}'],
    ['{"big":12345678901234567890}', '{"big":12345678901234567890}'],
  ])('11: the arguments %p become %p', (args, expected) => {
    const repaired = repair(CLAUDE_ORDER, user('u'), assistant(call('1', 'f', args)), user(result('1', 'a')));
    expect(repaired[1]).toEqual(assistant(call('1', 'f', expected)));
  });

  test('32: an empty answer goes, its neighbours join, and a blank question is a dot', () => {
    expect(repair(CLAUDE_ORDER, user('u'), assistant(''), user('v'), assistant('a'), user('  '))).toEqual([
      user('u', 'v'),
      assistant('a'),
      user('.'),
    ]);
  });

  test('33: a begun answer is trimmed for models that go on from it', () => {
    expect(repair({ ...CLAUDE_ORDER, prefill: 'trim' }, user('u'), assistant('Sure: '))).toEqual([
      user('u'),
      assistant('Sure:'),
    ]);
  });

  test('33: other models are asked to continue, and the client hears of it', () => {
    const { request, losses } = repairMessages(conversation(user('u'), assistant('Sure: ')), CLAUDE_ORDER);
    expect(request.messages).toEqual([user('u'), assistant('Sure: '), user('Continue.')]);
    expect(losses.map((loss) => loss.field)).toEqual(['prefill']);
  });
});

describe('bugs of other gateways', () => {
  test('R07: two tool messages in a row are one user turn', () => {
    const history = [user('u'), assistant(call('1'), call('2')), user(result('1', 'a')), user(result('2', 'b'))];
    const joined = [user('u'), assistant(call('1'), call('2')), user(result('1', 'a'), result('2', 'b'))];
    for (const rules of [CLAUDE_ORDER, GEMINI_ORDER, OPENAI_ORDER]) expect(repair(rules, ...history)).toEqual(joined);
  });

  test('R08: of two results for one call the last one counts, in the place of the first', () => {
    const history = [
      user('u'),
      assistant(call('1'), call('2')),
      user(result('1', 'old')),
      user(result('2', 'b')),
      user(result('1', 'new')),
    ];
    expect(repair(CLAUDE_ORDER, ...history).at(-1)).toEqual(user(result('1', 'new'), result('2', 'b')));
  });

  test('R09: calls of one tool keep their own results, whatever their order, and an orphan is text', () => {
    const history = [
      user('u'),
      assistant(call('a', 'look', '{"p":1}'), call('b', 'look', '{"p":2}')),
      user(result('b', 'two', 'look'), result('c', 'three', 'look'), result('a', 'one', 'look')),
    ];
    expect(repair(GEMINI_ORDER, ...history).at(-1)).toEqual(
      user(result('a', 'one', 'look'), result('b', 'two', 'look'), '[result of earlier tool look] three'),
    );
  });

  test('R10: text after a call moves before it, and results come before injected text', () => {
    const history = [user('u'), assistant('one', call('1'), 'two'), user('injected', result('1', 'a'))];
    expect(repair(CLAUDE_ORDER, ...history)).toEqual([
      user('u'),
      assistant('one', 'two', call('1')),
      user(result('1', 'a'), 'injected'),
    ]);
  });

  test('R28: empty texts and empty answers go', () => {
    expect(repair(CLAUDE_ORDER, user('', 'u'), assistant('', 'a'), user('v'), assistant(), user('w'))).toEqual([
      user('u'),
      assistant('a'),
      user('v', 'w'),
    ]);
  });

  test('R34: a history that begins with the model gets a user turn before it', () => {
    expect(repair(GEMINI_ORDER, assistant('hello'), user('u'))).toEqual([user('.'), assistant('hello'), user('u')]);
  });
});

test('a conversation in order is not touched at all', () => {
  const history = Array.from({ length: 10 }, (_, at) => [
    user(`question ${at}`),
    assistant('let me look', call(`call_${at}`)),
    user(result(`call_${at}`, 'text')),
    assistant('done'),
  ]).flat();
  const request = { ...conversation(...history, user('last')), tools: [{ kind: 'function', name: 'look' } as const] };
  for (const rules of [CLAUDE_ORDER, GEMINI_ORDER, OPENAI_ORDER]) {
    expect(repairMessages(request, rules).request).toBe(request);
  }
});
