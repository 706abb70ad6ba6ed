import { asObject, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { OpaqueTool, Tool, ToolChoice } from '../canonical/request.ts';
import type { ServerToolWish } from '../canonical/server-tool.ts';
import { type GrantedTool, lossesOfWish, readLocation } from '../server-tool-fields.ts';

/** The field by which a search model is told how to search. https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat */
const FIELD = 'web_search_options';

/** The wish for a search of the web, which is a field and no tool here; none when the client has none. */
export function decodeSearch(body: JsonObject): readonly OpaqueTool[] {
  const options = asObject(body[FIELD]);
  if (options === undefined) return [];
  const size = options.search_context_size;
  const wish: ServerToolWish = {
    kind: 'web-search',
    ...readLocation(asObject(asObject(options.user_location)?.approximate)),
    ...(size === 'low' || size === 'medium' || size === 'high' ? { contextSize: size } : {}),
  };
  return [searchTool(options, wish)];
}

/** The same for a wish of another dialect. Only search models take it. */
export function writeTool(wish: ServerToolWish, model: string): GrantedTool | undefined {
  if (wish.kind !== 'web-search' || !/-search(?:-|$)/.test(model)) return undefined;
  const options: JsonDraft = {};
  if (wish.location !== undefined) options.user_location = { type: 'approximate', approximate: wish.location };
  if (wish.contextSize !== undefined) options.search_context_size = wish.contextSize;
  return { tool: searchTool(options, wish), losses: lossesOfWish(wish, ['location', 'contextSize']) };
}

function searchTool(options: JsonObject, wish: ServerToolWish): OpaqueTool {
  return { kind: 'opaque', dialect: 'openai-chat', type: FIELD, raw: { [FIELD]: options }, wish };
}

/** The field for a search of the web, and the tools that are not it. */
export function splitSearch(tools: readonly Tool[]): { readonly fields: JsonObject; readonly rest: readonly Tool[] } {
  const search = tools.find((tool) => tool.kind === 'opaque' && tool.type === FIELD);
  if (search?.kind !== 'opaque') return { fields: {}, rest: tools };
  return { fields: search.raw, rest: tools.filter((tool) => tool !== search) };
}

/** True for a choice of nothing but the search of the web. */
export function choosesSearch(choice: ToolChoice | undefined): boolean {
  return choice?.mode === 'named' && choice.name === FIELD;
}
