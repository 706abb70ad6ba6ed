import { describe, expect, test } from 'bun:test';
import type { CanonicalRequest, Tool, UserPart } from '../../../src/translate/canonical/request.ts';
import type { TargetRules } from '../../../src/translate/dialect.ts';
import { prepareRequest, uniqueLosses } from '../../../src/translate/prepare-request.ts';
import { assistant, CLAUDE_ORDER, call, conversation, result, user } from '../../support/conversations.ts';

const RULES: TargetRules = {
  order: CLAUDE_ORDER,
  tools: {
    valid: /^[a-zA-Z0-9_-]{1,64}$/,
    invalidCharacter: /[^a-zA-Z0-9_-]/,
    maxLength: 64,
    custom: false,
    namespaces: false,
  },
};
const prepare = (request: CanonicalRequest) => prepareRequest(request, 'anthropic-messages', RULES);

describe('what only another dialect understands', () => {
  test('extras go and are reported, the target’s own stay', () => {
    const request: CanonicalRequest = {
      ...conversation(user('u')),
      extras: { 'openai-chat': { logit_bias: { 1: 2 } }, 'anthropic-messages': { container: 'c' } },
    };
    const prepared = prepare(request);
    expect(prepared.request.extras).toEqual({ 'anthropic-messages': { container: 'c' } });
    expect(prepared.losses.map((loss) => loss.field)).toEqual(['logit_bias']);
  });

  test('server tools go, the target’s own stay', () => {
    const own: Tool = { kind: 'opaque', dialect: 'anthropic-messages', type: 'web_search_20250305', raw: {} };
    const foreign: Tool = { kind: 'opaque', dialect: 'gemini', type: 'googleMaps', raw: {} };
    const prepared = prepare({ ...conversation(user('u')), tools: [foreign, own] });
    expect(prepared.request.tools).toEqual([own]);
    expect(prepared.losses).toMatchObject([{ field: 'tool=googleMaps', effect: 'dropped' }]);
  });

  test('a choice of a dropped tool is left to the model', () => {
    const prepared = prepare({
      ...conversation(user('u')),
      tools: [
        { kind: 'opaque', dialect: 'gemini', type: 'googleMaps', raw: {} },
        { kind: 'function', name: 'look' },
      ],
      toolChoice: { mode: 'named', name: 'googleMaps' },
    });
    expect(prepared.request.toolChoice).toEqual({ mode: 'auto' });
    expect(prepared.losses.map((loss) => loss.field)).toEqual(['tool=googleMaps', 'tool_choice']);
  });

  test('parts go, also inside results', () => {
    const foreign = { type: 'opaque', dialect: 'gemini', kind: 'executableCode', raw: {} } as const;
    const mixed = { ...result('1', 'a'), parts: [{ type: 'text', text: 'a' }, foreign] } as UserPart;
    const prepared = prepare(conversation(user('u', foreign), assistant(foreign, call('1')), user(mixed)));
    expect(prepared.request.messages).toEqual([user('u'), assistant(call('1')), user(result('1', 'a'))]);
    expect(uniqueLosses(prepared.losses).map((loss) => loss.field)).toEqual(['part=executableCode']);
  });
});

test('names and order are put right together', () => {
  const prepared = prepare({
    ...conversation(user('u'), assistant(call('1', 'fs.read'), 'later'), user('w', result('1', 'a', 'fs.read'))),
    tools: [{ kind: 'function', name: 'fs.read' }],
  });
  expect(prepared.request.messages).toEqual([
    user('u'),
    assistant('later', call('1', 'fs_read')),
    user(result('1', 'a', 'fs_read'), 'w'),
  ]);
  expect(prepared.names.fromWire('fs_read')?.name).toBe('fs.read');
  expect(prepared.losses).toEqual([]);
});

test('each loss is told once', () => {
  const loss = { field: 'a', effect: 'dropped', reason: 'r' } as const;
  expect(uniqueLosses([loss, { ...loss, field: 'b' }, { ...loss, reason: 'other' }]).map(({ field }) => field)).toEqual(
    ['a', 'b'],
  );
});
