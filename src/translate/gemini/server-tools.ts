import { asArray, asObject, asString, type JsonObject } from '../../base/json.ts';
import type { OpaquePart, OpaqueTool } from '../canonical/request.ts';
import type { ServerToolKind, ServerToolUse, ServerToolWish } from '../canonical/server-tool.ts';
import { type GrantedTool, lossesOfWish } from '../server-tool-fields.ts';

/** Built-in tools that other vendors have as well. https://ai.google.dev/gemini-api/docs/tools */
const TYPES: { readonly [K in ServerToolKind]: string } = {
  'web-search': 'googleSearch',
  'web-fetch': 'urlContext',
  code: 'codeExecution',
};

/** What a client asks of a built-in tool, where another vendor has such a tool. */
export function readWish(type: string, value: unknown): ServerToolWish | undefined {
  // the search of the first models, which newer ones refuse, is the same wish
  if (type === 'googleSearch' || type === 'googleSearchRetrieval') {
    const excluded = asArray(asObject(value)?.excludeDomains).filter((host) => typeof host === 'string');
    return { kind: 'web-search', ...(excluded.length === 0 ? {} : { blockedDomains: excluded }) };
  }
  if (type === TYPES['web-fetch']) return { kind: 'web-fetch' };
  return type === TYPES.code ? { kind: 'code' } : undefined;
}

/** The built-in tool for a wish of another dialect; only Vertex AI lets a search leave out hosts. */
export function writeTool(wish: ServerToolWish, onVertex: boolean): GrantedTool {
  const type = TYPES[wish.kind];
  const excludes = onVertex && wish.kind === 'web-search' && wish.blockedDomains !== undefined;
  const value = excludes ? { excludeDomains: wish.blockedDomains } : {};
  const tool: OpaqueTool = { kind: 'opaque', dialect: 'gemini', type, raw: { [type]: value }, wish };
  return { tool, losses: lossesOfWish(wish, excludes ? ['blockedDomains'] : []) };
}

/** What a built-in tool did, from a part; `undefined` for tools that nobody else has. */
function readUse(part: JsonObject): ServerToolUse | undefined {
  const code = asObject(part.executableCode);
  if (code !== undefined) return { kind: 'code', input: asString(code.code) ?? '' };
  const result = asObject(part.codeExecutionResult);
  if (result === undefined) return undefined;
  const output = asString(result.output) ?? '';
  return { kind: 'code', ...(output === '' ? {} : { output }) };
}

/** A part that only this dialect understands, with what others may know of it. */
export function opaqueOf(part: JsonObject, kind: string): OpaquePart {
  const use = readUse(part);
  return { type: 'opaque', dialect: 'gemini', kind, raw: part, ...(use === undefined ? {} : { use }) };
}
