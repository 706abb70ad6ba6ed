import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { JsonObject } from '../../src/base/json.ts';
import { type CanonicalRequest, emptyRequest, type Message } from '../../src/translate/canonical/request.ts';
import { UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import { encodeRequestFor } from '../../src/translate/prepare-request.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { traitsOfReference } from '../../src/translate/target.ts';
import { turnsOf } from '../support/agent/read-history.ts';
import { anyConversation } from '../support/arbitraries.ts';
import { user } from '../support/conversations.ts';
import { anyRounds, requestOf } from '../support/lawful-requests.ts';

const MODELS: { readonly [U in UpstreamDialect]: readonly string[] } = {
  'openai-chat': ['gpt-4o', 'gpt-5.2', 'mistral-large-latest'],
  'openai-responses': ['gpt-5.2'],
  'anthropic-messages': ['claude-sonnet-4-5', 'claude-opus-4-8', 'claude-opus-5-5'],
  gemini: ['gemini-2.5-flash', 'gemini-3-pro-preview'],
};

describe.each([...UPSTREAMS])('what an upstream of %s is sent', (upstream) => {
  const encode = (request: CanonicalRequest, model: string): JsonObject => {
    const { body } = encodeRequestFor(DIALECTS[upstream], { ...request, model }, traitsOfReference(upstream));
    return JSON.parse(JSON.stringify(body));
  };
  const model = fc.constantFrom(...MODELS[upstream]);

  for (const client of UPSTREAMS.filter((one) => one !== upstream)) {
    test(`for a client of ${client} is the same for the same request, and only grows with its history`, () => {
      fc.assert(
        fc.property(anyRounds, model, fc.nat(), (rounds, target, cut) => {
          // as the client writes it and as we read it
          const whole = requestOf(rounds, client);
          const wire = encodeRequestFor(DIALECTS[client], whole, traitsOfReference(client)).body;
          const read = () =>
            DIALECTS[client].client!.decodeRequest(JSON.parse(JSON.stringify(wire)), { model: 'm', stream: true });
          const request = read();
          const sent = encode(request, target);
          expect(JSON.stringify(encode(read(), target))).toBe(JSON.stringify(sent));
          const ends = request.messages.flatMap(({ role }, at) => (role === 'user' ? [at + 1] : []));
          const messages = request.messages.slice(0, ends[cut % ends.length]);
          expectPrefix(encode({ ...request, messages }, target), sent);
        }),
        { includeErrorInReport: true },
      );
    });
  }

  // without tools, those that a history calls are made up as they come
  const tools = ['look', 'fs.read', 'find'].map((name) => ({ kind: 'function' as const, name }));
  const base: CanonicalRequest = { ...emptyRequest('m', true), tools };

  test('only grows with its history, in whatever disorder that is', () => {
    fc.assert(
      fc.property(anyConversation, anyConversation, model, (before, after, target) => {
        const first = [user('Begin.'), ...before, user('Go on.')];
        fc.pre(isSettled(first, after));
        const sent = encode({ ...base, messages: [...first, ...after] }, target);
        // what the user says next may join the last turn
        expectPrefix(encode({ ...base, messages: first }, target), sent, 1);
      }),
      { includeErrorInReport: true, numRuns: 300 },
    );
  });

  function expectPrefix(short: JsonObject, long: JsonObject, open = 0): void {
    const [before, now] = [turnsOf(upstream, short), turnsOf(upstream, long)];
    const settled = before.slice(0, before.length - open);
    expect(now.slice(0, settled.length)).toEqual(settled);
  }
});

/** True when nothing that comes later belongs to a call of before. */
function isSettled(before: readonly Message[], after: readonly Message[]): boolean {
  const idsOf = (messages: readonly Message[], type: 'tool-call' | 'tool-result') =>
    messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === type && 'callId' in part ? [part.callId] : [])),
    );
  const called = idsOf(before, 'tool-call');
  return !idsOf(after, 'tool-result').some((id) => called.includes(id));
}
