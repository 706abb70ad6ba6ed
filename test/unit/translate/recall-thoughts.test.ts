import { describe, expect, test } from 'bun:test';
import type { AssistantPart, CanonicalRequest } from '../../../src/translate/canonical/request.ts';
import { hashTurns, recallThoughts, type StepFinder } from '../../../src/translate/recall-thoughts.ts';
import type { RememberedStep, StepPiece } from '../../../src/translate/remembered-step.ts';
import { sealOrigin } from '../../../src/translate/seal-origin.ts';
import { assistant, call, conversation, result, user } from '../../support/conversations.ts';

const target = sealOrigin('anthropic-messages', 'claude-opus-4-5', 'acc_1');
const seal = { dialect: 'anthropic-messages', value: 'proof' } as const;
const thought = (text: string, value = text): AssistantPart & { type: 'reasoning' } => ({
  type: 'reasoning',
  text,
  seal: { ...seal, value },
});
const piece = (text: string): StepPiece => ({ type: 'thought', part: thought(text) });
const said = (length: number): StepPiece => ({ type: 'text', length });
const called = (callId: string): StepPiece => ({ type: 'call', callId });

function knows(steps: { readonly [key: string]: RememberedStep }): StepFinder {
  return { ofCall: ({ callId }) => steps[callId], ofText: (text) => steps[text] };
}

function recall(request: CanonicalRequest, steps?: StepFinder, wantsText = false) {
  return recallThoughts(request, { target, wantsText, ...(steps === undefined ? {} : { steps }) });
}

const partsOf = (request: CanonicalRequest, at: number) => request.messages[at]!.parts as readonly AssistantPart[];

describe('recallThoughts', () => {
  test('changes nothing where nothing is known', () => {
    const request = conversation(user('hi'), assistant('yes', call('c1')), user(result('c1', 'x')));
    expect(recall(request)).toBe(request);
    expect(recall(request, knows({}))).toBe(request);
  });

  test('puts thoughts back between the texts that a client has joined', () => {
    const steps = knows({ c1: { pieces: [piece('a'), said(2), piece('b'), said(5), called('c1'), called('c2')] } });
    const request = conversation(user('hi'), assistant('I look.', call('c1'), call('c2')));
    expect(partsOf(recall(request, steps), 1)).toEqual([
      thought('a'),
      { type: 'text', text: 'I ' },
      thought('b'),
      { type: 'text', text: 'look.' },
      call('c1'),
      call('c2'),
    ]);
  });

  test('before what was said, and before the calls, when the client tells it otherwise', () => {
    const steps = knows({ c1: { pieces: [piece('a'), said(2), piece('b'), said(5), called('c1'), called('c2')] } });
    const request = conversation(user('hi'), assistant('I look!!', call('c1')));
    expect(partsOf(recall(request, steps), 1)).toEqual([
      thought('a'),
      { type: 'text', text: 'I look!!' },
      thought('b'),
      call('c1'),
    ]);
  });

  test('takes the place of thoughts that the client tells without their seal', () => {
    const steps = knows({ c1: { pieces: [piece('a'), called('c1')] } });
    const told: AssistantPart = { type: 'reasoning', text: 'a, in short' };
    expect(partsOf(recall(conversation(user('hi'), assistant(told, call('c1'))), steps), 1)).toEqual([
      thought('a'),
      call('c1'),
    ]);
  });

  test('leaves alone what a client has sent back itself', () => {
    const steps = knows({ c1: { pieces: [piece('kept'), called('c1')] } });
    const request = conversation(user('hi'), assistant(thought('own'), call('c1')));
    expect(recall(request, steps)).toBe(request);
  });

  test('finds an answer without calls by what it said, and keeps its cache mark at the end', () => {
    const steps = knows({ 'Yes. No.': { pieces: [piece('a'), said(4), piece('b'), said(4)] } });
    const text = { type: 'text', text: 'Yes. No.', cache: { ttl: '1h' } } as const;
    expect(partsOf(recall(conversation(user('hi'), assistant(text)), steps), 1)).toEqual([
      thought('a'),
      { type: 'text', text: 'Yes.' },
      thought('b'),
      { type: 'text', text: ' No.', cache: { ttl: '1h' } },
    ]);
  });

  test('gives calls and texts their own seals', () => {
    const own = { dialect: 'gemini', value: 'g' } as const;
    const gemini = sealOrigin('gemini', 'gemini-3-pro', 'acc_1');
    const steps = knows({
      c1: {
        pieces: [
          { type: 'text', length: 3, seal: own },
          { type: 'call', callId: 'c1', seal: own },
        ],
      },
    });
    const request = conversation(user('hi'), assistant('Yes', call('c1')));
    expect(partsOf(recallThoughts(request, { target: gemini, wantsText: false, steps }), 1)).toEqual([
      { type: 'text', text: 'Yes', seal: own },
      { ...call('c1'), seal: own } as AssistantPart,
    ]);
  });

  test('drops what is for another family or account, or was changed', () => {
    const foreign = { ...thought('x'), seal: { ...seal, family: 'anthropic-messages/glm' } };
    const changed = { ...thought('x'), seal: { ...seal, text: 'another' } };
    const request = conversation(user('hi'), assistant(foreign, changed, thought('own'), 'Yes.'));
    expect(partsOf(recall(request), 1)).toEqual([thought('own'), { type: 'text', text: 'Yes.' }]);
    const gpt = sealOrigin('openai-responses', 'gpt-5.5', 'acc_2');
    const encrypted = {
      type: 'reasoning',
      text: '',
      seal: { dialect: 'openai-responses', value: 'e', account: 'acc_1' },
    } as const;
    const moved = conversation(user('hi'), assistant(encrypted, 'Yes.'));
    expect(partsOf(recallThoughts(moved, { target: gpt, wantsText: false }), 1)).toEqual([
      { type: 'text', text: 'Yes.' },
    ]);
    const stays = { ...gpt, account: 'acc_1' };
    expect(recallThoughts(moved, { target: stays, wantsText: false })).toBe(moved);
  });

  test('a step that is tied to its turns comes back only after those', () => {
    const before = conversation(user('hi'));
    const step = { pieces: [piece('a'), called('c1')], prefix: hashTurns(before.messages) };
    const after = (...messages: CanonicalRequest['messages']) => recall(conversation(...messages), knows({ c1: step }));
    expect(partsOf(after(user('hi'), assistant(call('c1'))), 1)).toHaveLength(2);
    expect(partsOf(after(user('hello'), assistant(call('c1'))), 1)).toHaveLength(1);
    expect(partsOf(after(user('hi'), assistant('Yes.'), user('so?'), assistant(call('c1'))), 3)).toHaveLength(1);
  });

  test('what is tied to its turns counts the thoughts among them', () => {
    const first = conversation(user('hi'), assistant(thought('a'), call('c1')), user(result('c1', 'x')));
    const steps = {
      c1: { pieces: [piece('a'), called('c1')] },
      c2: { pieces: [piece('b'), called('c2')], prefix: hashTurns(first.messages) },
    };
    const next = conversation(user('hi'), assistant(call('c1')), user(result('c1', 'x')), assistant(call('c2')));
    expect(partsOf(recall(next, knows(steps)), 3)).toHaveLength(2);
    const { c1: _forgotten, ...rest } = steps;
    expect(partsOf(recall(next, knows(rest)), 3)).toHaveLength(1);
  });

  test('a cache mark that moves changes no turn', () => {
    const marked = { type: 'text', text: 'hi', cache: {} } as const;
    expect(hashTurns([user(marked)])).toBe(hashTurns([user('hi')]));
    expect(hashTurns([user('hi', 'you')])).not.toBe(hashTurns([user('hi')]));
  });

  test('thoughts without a seal come back where they are wanted as text alone', () => {
    const steps = knows({
      c1: { pieces: [{ type: 'thought', part: { type: 'reasoning', text: 'plain' } }, called('c1')] },
    });
    const request = conversation(user('hi'), assistant(call('c1')));
    expect(partsOf(recall(request, steps, true), 1)).toEqual([{ type: 'reasoning', text: 'plain' }, call('c1')]);
    expect(partsOf(recall(request, steps), 1)).toEqual([call('c1')]);
    const own = conversation(user('hi'), assistant({ type: 'reasoning', text: 'own' }, call('c1')));
    expect(recall(own, steps, true)).toBe(own);
  });
});
