import { asArray, asObject, asObjects, asString, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { OpaquePart, OpaqueTool, Tool } from '../canonical/request.ts';
import type { FoundPage, ServerToolUse, ServerToolWish } from '../canonical/server-tool.ts';
import { type GrantedTool, lossesOfWish, readDomains, readLocation } from '../server-tool-fields.ts';
import { DIALECT } from './wire.ts';

/** What a client asks of a tool that runs at the vendor, where another vendor has such a tool. */
export function readWish(type: string, tool: JsonObject): ServerToolWish | undefined {
  if (type === 'code_interpreter') return { kind: 'code' };
  // a search that may not leave the vendor's own store is no search of the web
  if (!/^web_search(_preview)?(_\d{4}_\d\d_\d\d)?$/.test(type) || tool.external_web_access === false) return undefined;
  const size = tool.search_context_size;
  return {
    kind: 'web-search',
    ...readDomains(asObject(tool.filters) ?? {}),
    ...readLocation(asObject(tool.user_location)),
    ...(size === 'low' || size === 'medium' || size === 'high' ? { contextSize: size } : {}),
  };
}

/** Tools with the limit that a request puts on all calls of the vendor's tools together. */
export function limitUses(tools: readonly Tool[], maxUses: number | undefined): readonly Tool[] {
  if (maxUses === undefined) return tools;
  return tools.map((tool) =>
    tool.kind === 'opaque' && tool.wish !== undefined ? { ...tool, wish: { ...tool.wish, maxUses } } : tool,
  );
}

/** The limit on all calls of the vendor's tools together. */
export function usesLimit(tools: readonly Tool[]): number | undefined {
  const limits = tools.map((tool) => (tool.kind === 'opaque' ? tool.wish?.maxUses : undefined));
  return limits.find((limit) => limit !== undefined);
}

/** The tool for a wish of another dialect; `undefined` where the vendor has none. */
export function writeTool(wish: ServerToolWish): GrantedTool | undefined {
  const raw = rawOf(wish);
  if (raw === undefined) return undefined;
  const tool: OpaqueTool = { kind: 'opaque', dialect: DIALECT, type: String(raw.type), raw, wish };
  const untaken = wish.kind === 'code' ? lossesOfWish(wish, ['maxUses']) : lossesOfWish(wish, TAKEN);
  return { tool, losses: untaken };
}

const TAKEN = ['maxUses', 'allowedDomains', 'location', 'contextSize'] as const;

function rawOf(wish: ServerToolWish): JsonObject | undefined {
  if (wish.kind === 'code') return { type: 'code_interpreter', container: { type: 'auto' } };
  if (wish.kind !== 'web-search') return undefined;
  const raw: JsonDraft = { type: 'web_search' };
  if (wish.allowedDomains !== undefined) raw.filters = { allowed_domains: wish.allowedDomains };
  if (wish.location !== undefined) raw.user_location = { type: 'approximate', ...wish.location };
  if (wish.contextSize !== undefined) raw.search_context_size = wish.contextSize;
  return raw;
}

/** What a tool of the vendor did, from its item; `undefined` for tools that nobody else has. */
export function readUse(item: JsonObject): ServerToolUse | undefined {
  if (item.type === 'code_interpreter_call') return readCode(item);
  if (item.type !== 'web_search_call') return undefined;
  const action = asObject(item.action) ?? {};
  const url = asString(action.url);
  if (action.type !== 'search' && url !== undefined) return { kind: 'web-fetch', input: url };
  const queries = asArray(action.queries).filter((query) => typeof query === 'string');
  const input = asString(action.query) || queries.join('; ');
  const pages = asObjects(action.sources)
    .map((source): FoundPage | undefined => {
      const address = asString(source.url);
      return address === undefined ? undefined : { url: address };
    })
    .filter((page) => page !== undefined);
  return { kind: 'web-search', input, ...(pages.length === 0 ? {} : { pages }) };
}

function readCode(item: JsonObject): ServerToolUse {
  const logs = asObjects(item.outputs).map((output) => asString(output.logs) ?? '');
  const output = logs.filter((text) => text !== '').join('\n');
  return { kind: 'code', input: asString(item.code) ?? '', ...(output === '' ? {} : { output }) };
}

/** True for what a client can be told of a vendor's tool: this vendor's own items, and the searches of any. */
export function carriesOpaque(part: OpaquePart): boolean {
  return part.dialect === DIALECT || (part.use?.kind === 'web-search' && part.use.input !== undefined);
}

/** The item that tells of a part: its own, or a search of another vendor; `undefined` for anything else. */
export function itemOfOpaque(part: OpaquePart, mintItemId: () => string): JsonObject | undefined {
  if (part.dialect === DIALECT) return part.raw;
  if (!carriesOpaque(part)) return undefined;
  const action = { type: 'search', query: part.use!.input! };
  return { id: mintItemId(), type: 'web_search_call', status: 'completed', action };
}
