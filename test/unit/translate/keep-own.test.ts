import { describe, expect, test } from 'bun:test';
import type { CanonicalRequest, OpaqueTool, Tool } from '../../../src/translate/canonical/request.ts';
import { emptyRequest } from '../../../src/translate/canonical/request.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { keepOwn } from '../../../src/translate/keep-own.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';
import { type TargetTraits, traitsOfReference } from '../../../src/translate/target.ts';

const SEARCH: OpaqueTool = {
  kind: 'opaque',
  dialect: 'anthropic-messages',
  type: 'web_search_20250305',
  name: 'web_search',
  raw: {},
  wish: { kind: 'web-search', maxUses: 2, blockedDomains: ['a.test'] },
};

function keep(
  change: Partial<CanonicalRequest>,
  dialect: DialectId,
  traits: TargetTraits = traitsOfReference(dialect),
) {
  const rules = DIALECTS[dialect].upstream!.rules('gpt-5.2', traits);
  const { request, losses } = keepOwn({ ...emptyRequest('m', false), ...change }, dialect, rules);
  return { request, codes: losses.map(({ field }) => field) };
}

describe("a vendor's own tool", () => {
  test("R26: becomes the target's own, whose missing fields are losses", () => {
    const { request, codes } = keep({ tools: [SEARCH] }, 'openai-responses');
    expect(request.tools).toMatchObject([
      { dialect: 'openai-responses', type: 'web_search', raw: { type: 'web_search' } },
    ]);
    expect(codes).toEqual(['blocked_domains']);
  });

  test('is lost at a server that only speaks the dialect', () => {
    for (const provider of ['openai-compatible', 'openrouter', 'ollama'] as const) {
      const { request, codes } = keep({ tools: [SEARCH] }, 'openai-responses', { provider, quirks: {} });
      expect(request.tools).toEqual([]);
      expect(codes).toEqual(['tool=web_search']);
    }
    const quirks = { serverTools: false };
    expect(keep({ tools: [SEARCH] }, 'openai-responses', { provider: 'openai', quirks }).codes).toEqual([
      'tool=web_search',
    ]);
  });

  test('that nobody else has is lost by its name', () => {
    const tool: Tool = { kind: 'opaque', dialect: 'openai-responses', type: 'file_search', raw: {} };
    expect(keep({ tools: [tool] }, 'anthropic-messages').codes).toEqual(['tool=file_search']);
  });

  test('is chosen under the name that the target knows', () => {
    const toolChoice = { mode: 'named', name: 'web_search' } as const;
    expect(keep({ tools: [SEARCH], toolChoice }, 'gemini').request.toolChoice).toEqual({
      mode: 'named',
      name: 'googleSearch',
    });
    const allowed = { mode: 'allowed', names: ['web_search', 'f'], must: false } as const;
    expect(keep({ tools: [SEARCH], toolChoice: allowed }, 'gemini').request.toolChoice).toEqual({
      ...allowed,
      names: ['googleSearch', 'f'],
    });
  });

  test('R24: that the client runs itself is described', () => {
    const asFunction = { kind: 'function', name: 'bash' } as const;
    const tool: Tool = { kind: 'opaque', dialect: 'anthropic-messages', type: 'bash_20250124', raw: {}, asFunction };
    expect(keep({ tools: [tool] }, 'gemini')).toMatchObject({
      request: { tools: [asFunction] },
      codes: ['tool-typed'],
    });
    expect(keep({ tools: [tool] }, 'anthropic-messages')).toMatchObject({ request: { tools: [tool] }, codes: [] });
  });
});

describe('what such a tool did earlier', () => {
  const use = { kind: 'web-search', input: 'tides', pages: [{ url: 'https://a.test', title: 'A' }] } as const;
  const part = { type: 'opaque', dialect: 'anthropic-messages', kind: 'server_tool_use', raw: {}, use } as const;

  test('is told in words, always the same', () => {
    const messages = [{ role: 'assistant', parts: [part, { type: 'text', text: 'x' }] }] as const;
    const { request, codes } = keep({ messages }, 'openai-chat');
    const text = '[web search: tides]\n- A: https://a.test\n';
    expect(request.messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'text', text },
          { type: 'text', text: 'x' },
        ],
      },
    ]);
    expect(codes).toEqual(['part=server_tool_use']);
    expect(keep({ messages }, 'openai-chat').request).toEqual(request);
  });

  test('S42: stays as it is for its own vendor', () => {
    const messages = [{ role: 'assistant', parts: [part] }] as const;
    expect(keep({ messages }, 'anthropic-messages')).toMatchObject({ request: { messages }, codes: [] });
  });

  test('goes where nothing can be said of it, also out of a result', () => {
    const { use: _told, ...silent } = part;
    const result = {
      type: 'tool-result',
      callId: 'c',
      kind: 'function',
      parts: [silent, { type: 'text', text: 'r' }],
    } as const;
    const { request, codes } = keep({ messages: [{ role: 'user', parts: [silent, result] }] }, 'gemini');
    expect(request.messages[0]?.parts).toEqual([{ ...result, parts: [{ type: 'text', text: 'r' }] }]);
    expect(codes).toEqual(['part=server_tool_use', 'part=server_tool_use']);
  });
});
