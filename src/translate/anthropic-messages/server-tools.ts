import { asNumber, asObject, asObjects, asString, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { OpaqueTool } from '../canonical/request.ts';
import type { FoundPage, ServerToolKind, ServerToolUse, ServerToolWish } from '../canonical/server-tool.ts';
import { type GrantedTool, lossesOfWish, readDomains, readLocation } from '../server-tool-fields.ts';

const DIALECT = 'anthropic-messages';

/** Types of tools that run at the vendor, without the date behind them. https://docs.claude.com/en/docs/agents-and-tools/tool-use/overview */
const KINDS: { readonly [type: string]: ServerToolKind } = {
  web_search: 'web-search',
  web_fetch: 'web-fetch',
  code_execution: 'code',
};

/** What a client asks of a tool that runs at the vendor, where another vendor has such a tool. */
export function readWish(type: string, tool: JsonObject): ServerToolWish | undefined {
  const kind = lookUp(KINDS, type.replace(/_\d{8}$/, ''));
  if (kind === undefined) return undefined;
  const maxUses = asNumber(tool.max_uses);
  return {
    kind,
    ...(maxUses === undefined ? {} : { maxUses }),
    ...readDomains(tool),
    ...readLocation(asObject(tool.user_location)),
  };
}

/** The oldest version of each tool that needs no beta, which every model takes that takes any. */
const TYPES: { readonly [K in ServerToolKind]: { readonly type: string; readonly name: string } } = {
  'web-search': { type: 'web_search_20250305', name: 'web_search' },
  'web-fetch': { type: 'web_fetch_20250910', name: 'web_fetch' },
  code: { type: 'code_execution_20250825', name: 'code_execution' },
};

const TAKEN = {
  'web-search': ['maxUses', 'allowedDomains', 'blockedDomains', 'location'],
  'web-fetch': ['maxUses', 'allowedDomains', 'blockedDomains'],
  code: [],
} as const;

/** The tool for a wish of another dialect. */
export function writeTool(wish: ServerToolWish): GrantedTool {
  const { type, name } = TYPES[wish.kind];
  const raw: JsonDraft = { type, name };
  if (wish.kind !== 'code') {
    if (wish.maxUses !== undefined) raw.max_uses = wish.maxUses;
    if (wish.allowedDomains !== undefined) raw.allowed_domains = wish.allowedDomains;
    if (wish.blockedDomains !== undefined) raw.blocked_domains = wish.blockedDomains;
  }
  if (wish.kind === 'web-search' && wish.location !== undefined) {
    raw.user_location = { type: 'approximate', ...wish.location };
  }
  const tool: OpaqueTool = { kind: 'opaque', dialect: DIALECT, type, name, raw };
  return { tool, losses: lossesOfWish(wish, TAKEN[wish.kind]) };
}

type ReadUse = (content: JsonObject) => ServerToolUse | undefined;

/** What the input of each of the vendor's tools holds. */
const CALLS: { readonly [name: string]: ReadUse } = {
  web_search: ({ query }) => ({ kind: 'web-search', input: asString(query) ?? '' }),
  web_fetch: ({ url }) => ({ kind: 'web-fetch', input: asString(url) ?? '' }),
  code_execution: ({ code }) => ({ kind: 'code', input: asString(code) ?? '' }),
  bash_code_execution: ({ command }) => ({ kind: 'code', input: asString(command) ?? '' }),
};

const RESULTS: { readonly [type: string]: ReadUse } = {
  web_search_tool_result: ({ content }) => ({ kind: 'web-search', pages: asObjects(content).flatMap(readPage) }),
  web_fetch_tool_result: ({ content }) => ({ kind: 'web-fetch', pages: readPage(asObject(content) ?? {}) }),
  code_execution_tool_result: readOutput,
  bash_code_execution_tool_result: readOutput,
};

/** What a tool of the vendor did, from its block; `undefined` for tools that nobody else has. */
export function readUse(block: JsonObject): ServerToolUse | undefined {
  if (block.type === 'server_tool_use') return lookUp(CALLS, block.name)?.(asObject(block.input) ?? {});
  return lookUp(RESULTS, block.type)?.(block);
}

function readPage(result: JsonObject): readonly FoundPage[] {
  const url = asString(result.url);
  const title = asString(result.title) || asString(asObject(result.content)?.title) || undefined;
  return url === undefined ? [] : [{ url, ...(title === undefined ? {} : { title }) }];
}

function readOutput({ content }: JsonObject): ServerToolUse {
  const { stdout, stderr } = asObject(content) ?? {};
  const output = [asString(stdout), asString(stderr)].filter((text) => text !== undefined && text !== '').join('\n');
  return { kind: 'code', ...(output === '' ? {} : { output }) };
}
