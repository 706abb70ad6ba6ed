import { asArray, asString, type JsonObject } from '../base/json.ts';
import type { OpaqueTool } from './canonical/request.ts';
import type { ServerToolKind, ServerToolWish } from './canonical/server-tool.ts';
import { dropped, type Loss } from './loss.ts';

/** A tool of a target for a wish of another dialect, and what it has no field for. */
export interface GrantedTool {
  readonly tool: OpaqueTool;
  readonly losses: readonly Loss[];
}

/** The word by which a loss names a tool that several vendors have. */
export const TOOL_WORDS: { readonly [K in ServerToolKind]: string } = {
  'web-search': 'web_search',
  'web-fetch': 'web_fetch',
  code: 'code_execution',
};

type WishField = Exclude<keyof ServerToolWish, 'kind'>;

const FIELD_WORDS: { readonly [F in WishField]: string } = {
  maxUses: 'max_uses',
  allowedDomains: 'allowed_domains',
  blockedDomains: 'blocked_domains',
  location: 'user_location',
  contextSize: 'search_context_size',
};

/** The losses of a wish whose target takes only some of its fields. */
export function lossesOfWish(wish: ServerToolWish, taken: readonly WishField[]): readonly Loss[] {
  const untaken = (Object.keys(FIELD_WORDS) as WishField[]).filter(
    (field) => wish[field] !== undefined && !taken.includes(field),
  );
  const reason = `The target's own ${TOOL_WORDS[wish.kind]} tool has no such field.`;
  return untaken.map((field) => dropped(FIELD_WORDS[field], reason));
}

/** The lists of hosts in a tool's fields. An empty list says nothing, and both at once would be refused. */
export function readDomains(fields: JsonObject): Pick<ServerToolWish, 'allowedDomains' | 'blockedDomains'> {
  const allowed = textsOf(fields.allowed_domains);
  const blocked = textsOf(fields.blocked_domains);
  if (allowed.length > 0) return { allowedDomains: allowed };
  return blocked.length > 0 ? { blockedDomains: blocked } : {};
}

function textsOf(list: unknown): readonly string[] {
  return asArray(list).filter((item) => typeof item === 'string');
}

/** Where the user is, as OpenAI's dialects and Anthropic's write it. */
export function readLocation(wire: JsonObject | undefined): Pick<ServerToolWish, 'location'> {
  const names = ['city', 'region', 'country', 'timezone'] as const;
  const known = names.flatMap((name) => {
    const value = asString(wire?.[name]);
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return known.length === 0 ? {} : { location: Object.fromEntries(known) };
}
