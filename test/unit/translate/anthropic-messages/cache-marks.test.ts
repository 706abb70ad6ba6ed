import { describe, expect, test } from 'bun:test';
import type { ProviderId } from '../../../../src/base/account.ts';
import { anthropicMessages } from '../../../../src/translate/anthropic-messages/index.ts';
import {
  type CanonicalRequest,
  emptyRequest,
  type Message,
  type UserPart,
} from '../../../../src/translate/canonical/request.ts';
import { encodeRequestFor } from '../../../../src/translate/prepare-request.ts';
import { assistant, encode, MODEL, text, user } from './request-builders.ts';

describe('cache marks', () => {
  test('R32: at most four, the first and the last ones', () => {
    const marked = (value: string, ttl?: '1h'): UserPart => ({
      ...text(value),
      cache: ttl === undefined ? {} : { ttl },
    });
    const { body } = encode({
      system: [{ role: 'system', parts: [{ ...text('s'), cache: { ttl: '1h' } }] }],
      messages: [user(marked('a'), marked('b', '1h'), marked('c', '1h'), marked('d'))],
    });
    expect(body.system).toEqual([{ ...text('s'), cache_control: { type: 'ephemeral', ttl: '1h' } }]);
    const [turn] = body.messages as unknown as { content: { cache_control?: object }[] }[];
    expect(turn!.content.map((block) => block.cache_control)).toEqual([
      undefined,
      { type: 'ephemeral', ttl: '1h' },
      { type: 'ephemeral', ttl: '1h' },
      { type: 'ephemeral' },
    ]);
  });

  test('an hour after minutes becomes minutes', () => {
    const { body } = encode({
      system: [{ role: 'system', parts: [{ ...text('s'), cache: {} }] }],
      messages: [user({ ...text('a'), cache: { ttl: '1h' } })],
    });
    expect(body.messages).toEqual([
      { role: 'user', content: [{ ...text('a'), cache_control: { type: 'ephemeral' } }] },
    ]);
  });

  test('none for a server that does not know them', () => {
    const { body } = encode({ messages: [user({ ...text('a'), cache: {} })] }, { cacheControl: false });
    expect(body.messages).toEqual([{ role: 'user', content: [text('a')] }]);
  });
});

describe('marks that nobody asked for', () => {
  const asked = (provider: ProviderId, messages: readonly Message[], autoCache = true) => {
    const request: CanonicalRequest = {
      ...emptyRequest(MODEL, false),
      system: [
        { role: 'system', parts: [text('s1')] },
        { role: 'system', parts: [text('s2')] },
      ],
      tools: [{ kind: 'function', name: 'f' }],
      messages,
    };
    return encodeRequestFor(anthropicMessages, request, { provider, quirks: {}, autoCache }).body;
  };
  const turns = [
    user(text('a')),
    assistant(text('b')),
    user(text('c')),
    assistant(text('d')),
    user(text('e'), text('f')),
  ];

  test('are left to Anthropic itself', () => {
    const body = asked('anthropic', turns);
    expect(body.cache_control).toEqual({ type: 'ephemeral' });
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(1);
  });

  test('stand at the usual places elsewhere', () => {
    const body = asked('anthropic-compatible', turns);
    expect(body.cache_control).toBeUndefined();
    const marked = [...JSON.stringify(body).matchAll(/"text":"(\w+)","cache_control"/g)].map((match) => match[1]);
    expect(marked.sort()).toEqual(['c', 'f', 's2']);
    expect((body.tools as { cache_control?: object }[])[0]!.cache_control).toEqual({ type: 'ephemeral' });
  });

  test('stay away where the client has its own, or the owner wants none', () => {
    const own = [user({ ...text('a'), cache: {} })];
    for (const provider of ['anthropic', 'anthropic-compatible'] as const) {
      expect(JSON.stringify(asked(provider, own)).match(/cache_control/g)).toHaveLength(1);
      expect(JSON.stringify(asked(provider, turns, false))).not.toContain('cache_control');
    }
    expect(asked('anthropic', own).cache_control).toBeUndefined();
  });
});
