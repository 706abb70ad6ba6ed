import { asObject, type JsonObject } from '../../base/json.ts';
import type { CacheMark } from '../canonical/request.ts';
import type { CacheControl } from './wire.ts';

/** The most marks a request may hold. https://docs.claude.com/en/docs/build-with-claude/prompt-caching */
const MAX_MARKS = 4;

/** The cache mark on a block or tool, as a field of the canonical part. */
export function decodeCacheMark(block: JsonObject): { readonly cache?: CacheMark } {
  const control = asObject(block.cache_control);
  if (control === undefined) return {};
  return { cache: control.ttl === '1h' || control.ttl === '5m' ? { ttl: control.ttl } : {} };
}

/** A cache mark as a field of a block or tool. */
export function encodeCacheMark(mark: CacheMark | undefined): { readonly cache_control?: CacheControl } {
  if (mark === undefined) return {};
  return { cache_control: { type: 'ephemeral', ...(mark.ttl === undefined ? {} : { ttl: mark.ttl }) } };
}

/** The blocks of a request in the order in which they make the cached prefix: tools, system, then messages. */
export interface MarkedBlocks {
  readonly tools: readonly JsonObject[];
  readonly system: readonly JsonObject[];
  /** The content of each message. */
  readonly messages: readonly (readonly JsonObject[])[];
}

/**
 * The same blocks with no more marks than a request may have and none of an hour after one of minutes. Of too many, the first
 * stays, which most requests share, and the last ones, which cover most.
 */
export function limitMarks(blocks: MarkedBlocks): MarkedBlocks {
  const marked = [...blocks.tools, ...blocks.system, ...blocks.messages.flat()].filter(isMarked);
  const kept = marked.length <= MAX_MARKS ? marked : [marked[0]!, ...marked.slice(1 - MAX_MARKS)];
  const keptSet = new Set(kept);
  const firstShort = kept.findIndex((block) => asObject(block.cache_control)?.ttl !== '1h');
  const late = new Set(firstShort < 0 ? [] : kept.slice(firstShort));
  const settle = (block: JsonObject): JsonObject => {
    if (!isMarked(block)) return block;
    const { cache_control: control, ...rest } = block;
    if (!keptSet.has(block)) return rest;
    return late.has(block) && asObject(control)?.ttl === '1h'
      ? { ...rest, cache_control: { type: 'ephemeral' } }
      : block;
  };
  return {
    tools: blocks.tools.map(settle),
    system: blocks.system.map(settle),
    messages: blocks.messages.map((content) => content.map(settle)),
  };
}

/** True when the client has marked something itself. */
export function hasMarks({ tools, system, messages }: MarkedBlocks): boolean {
  return [tools, system, ...messages].some((blocks) => blocks.some(isMarked));
}

/**
 * The same blocks with marks where the prefix of an agent's next request will end: the last tool, the last instruction, and the last
 * two turns of the user.
 */
export function markPrefix(blocks: MarkedBlocks, roles: readonly string[]): MarkedBlocks {
  const turns = roles.flatMap((role, at) => (role === 'user' ? [at] : [])).slice(-2);
  return {
    tools: markLast(blocks.tools),
    system: markLast(blocks.system),
    messages: blocks.messages.map((content, at) => (turns.includes(at) ? markLast(content) : content)),
  };
}

function markLast(blocks: readonly JsonObject[]): readonly JsonObject[] {
  const last = blocks.at(-1);
  // a tool that is loaded later is no part of the prefix
  if (last === undefined || last.defer_loading === true) return blocks;
  return [...blocks.slice(0, -1), { ...last, cache_control: { type: 'ephemeral' } }];
}

/** The same blocks without any mark, for servers that do not know them. */
export function dropMarks(blocks: MarkedBlocks): MarkedBlocks {
  const strip = ({ cache_control: _mark, ...rest }: JsonObject): JsonObject => rest;
  return {
    tools: blocks.tools.map(strip),
    system: blocks.system.map(strip),
    messages: blocks.messages.map((content) => content.map(strip)),
  };
}

function isMarked(block: JsonObject): boolean {
  return block.cache_control !== undefined;
}
