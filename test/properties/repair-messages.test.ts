import { describe, test } from 'bun:test';
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { isObject, tryParseJson } from '../../src/base/json.ts';
import type { Message } from '../../src/translate/canonical/request.ts';
import type { OrderRules } from '../../src/translate/repair/order-rules.ts';
import { repairMessages } from '../../src/translate/repair/repair-messages.ts';
import { anyConversation } from '../support/arbitraries.ts';
import { CLAUDE_ORDER, conversation, GEMINI_ORDER, OPENAI_ORDER, STRICT_ORDER } from '../support/conversations.ts';

const RULES: readonly OrderRules[] = [
  OPENAI_ORDER,
  CLAUDE_ORDER,
  { ...CLAUDE_ORDER, midSystem: 'keep-after-user', prefill: 'trim' },
  GEMINI_ORDER,
  STRICT_ORDER,
];
const rules = fc.constantFrom(...RULES);
const repair = (messages: readonly Message[], order: OrderRules) =>
  repairMessages(conversation(...messages), order).request.messages;
const runs = { numRuns: 1500 };

describe('repairMessages', () => {
  test('finds nothing more to do in what it made', () => {
    fc.assert(
      fc.property(anyConversation, rules, (messages, order) => {
        const once = repair(messages, order);
        deepStrictEqual(repair(once, order), once);
      }),
      runs,
    );
  });

  test('never changes what an earlier request of the conversation sent', () => {
    fc.assert(
      fc.property(anyConversation, rules, (messages, order) => {
        const whole = flatten(repair(messages, order));
        for (const cut of requestEnds(messages)) {
          const earlier = flatten(repair(messages.slice(0, cut), order));
          deepStrictEqual(whole.slice(0, earlier.length), earlier);
        }
      }),
      runs,
    );
  });

  test('answers every call once, right after it, in order', () => {
    fc.assert(
      fc.property(anyConversation, rules, (messages, order) => {
        const repaired = repair(messages, order);
        let results = 0;
        const ids: string[] = [];
        for (const [at, message] of repaired.entries()) {
          if (message.role === 'user') results += message.parts.filter((part) => part.type === 'tool-result').length;
          if (message.role !== 'assistant') continue;
          const calls = message.parts.flatMap((part) => (part.type === 'tool-call' ? part.callId : []));
          const answers = repaired[at + 1]?.parts.slice(0, calls.length) ?? [];
          deepStrictEqual(
            answers.map((part) => (part.type === 'tool-result' ? part.callId : part.type)),
            calls,
          );
          ids.push(...calls);
        }
        strictEqual(results, ids.length);
        strictEqual(new Set(ids).size, ids.length);
        for (const id of ids) ok(order.callId.valid.test(id), id);
      }),
      runs,
    );
  });

  test('keeps the order a strict target wants', () => {
    fc.assert(
      fc.property(anyConversation, rules, (messages, order) => {
        const repaired = repair(messages, order);
        const spoken = repaired.filter((message) => message.role === 'user' || message.role === 'assistant');
        if (order.startWithUser) strictEqual(spoken[0]?.role, 'user');
        if (order.mergeTurns && order.midSystem === 'user-text') {
          for (const [at, message] of repaired.entries())
            strictEqual(message.role, at % 2 === 0 ? 'user' : 'assistant');
        }
        if (order.prefill === 'continue') strictEqual(spoken.at(-1)?.role, 'user');
        if (order.emptyUserText !== undefined) for (const message of repaired) ok(message.parts.length > 0);
        for (const call of callsOf(repaired)) {
          if (order.argumentsAsObject && call.kind === 'function') ok(isObject(tryParseJson(call.arguments)));
        }
      }),
      runs,
    );
  });
});

/** Where the conversation's earlier requests ended: before each answer that follows somebody else's words. */
function requestEnds(messages: readonly Message[]): number[] {
  const isAnswer = (at: number) => messages[at]?.role === 'assistant';
  return [...messages.keys()].filter((at) => at > 0 && isAnswer(at) && !isAnswer(at - 1));
}

function flatten(messages: readonly Message[]): string[] {
  return messages.flatMap((message) => message.parts.map((part) => JSON.stringify([message.role, part])));
}

function callsOf(messages: readonly Message[]) {
  return messages.flatMap((message) =>
    message.role === 'assistant' ? message.parts.filter((part) => part.type === 'tool-call') : [],
  );
}
