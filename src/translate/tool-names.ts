import { createHash } from 'node:crypto';
import type { CanonicalRequest } from './canonical/request.ts';

/** Which tool names and kinds a target takes. */
export interface ToolNameRules {
  /** A whole valid name. */
  readonly valid: RegExp;
  /** A character that may not stand in a name; each becomes `_`. */
  readonly invalidCharacter: RegExp;
  readonly maxLength: number;
  /** True: tools of kind `custom` are taken as they are; else they become functions with one string argument `input`. */
  readonly custom: boolean;
  /** True: namespaces are taken as they are; else `namespace__name`. */
  readonly namespaces: boolean;
}

/** The tool names of one request as its target sees them, and the way back. */
export interface ToolNames {
  /** The name on the wire. Where the target takes namespaces it is the name inside its namespace. */
  toWire(name: string, namespace?: string): string;
  fromWire(wireName: string, namespace?: string): WireTool | undefined;
}

/** What a name on the wire stands for. */
export interface WireTool {
  readonly name: string;
  readonly namespace?: string;
  readonly kind: 'function' | 'custom';
}

interface NameBook {
  readonly rules: ToolNameRules;
  readonly wireByTool: Map<string, string>;
  readonly toolByWire: Map<string, WireTool>;
  /** Names that no tool of ours may get. */
  readonly reserved: Set<string>;
}

/** The namespace whose tools are known to models by their bare names. */
const BARE_NAMESPACE = 'functions';
const HASH_LENGTH = 8;
const HASHED_HEAD = 55;

/**
 * Names every tool of a request, and every tool its history calls, so that the target takes it. Depends on the request alone,
 * and a longer history never changes a name that a shorter one gave.
 */
export function nameTools(request: CanonicalRequest, rules: ToolNameRules): ToolNames {
  const book: NameBook = { rules, wireByTool: new Map(), toolByWire: new Map(), reserved: new Set() };
  const declared: WireTool[] = [];
  for (const tool of request.tools) {
    if (tool.kind !== 'opaque') declared.push(tool);
    else if (tool.name !== undefined) book.reserved.add(tool.name);
  }
  // who needs no change comes first, so that nobody's valid name goes to a neighbour whose name had to be changed
  for (const rank of [0, 1, 2]) {
    for (const tool of declared) if (rankOf(tool, rules) === rank) addTool(book, tool);
  }
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') addTool(book, part);
  }
  return {
    toWire: (name, namespace) =>
      book.wireByTool.get(keyOf(name, namespace)) ?? clean(candidates(name, namespace, rules)[0]!, rules),
    fromWire: (wireName, namespace) => book.toolByWire.get(keyOf(wireName, namespace)),
  };
}

function rankOf(tool: WireTool, rules: ToolNameRules): number {
  const wanted = candidates(tool.name, tool.namespace, rules)[0]!;
  if (clean(wanted, rules) !== wanted) return 2;
  return tool.namespace === undefined ? 0 : 1;
}

function addTool(book: NameBook, tool: WireTool): void {
  const { name, namespace, kind } = tool;
  const key = keyOf(name, namespace);
  if (book.wireByTool.has(key)) return;
  const scope = book.rules.namespaces ? namespace : undefined;
  const wire = freeName(book, candidates(name, namespace, book.rules), scope, key);
  book.wireByTool.set(key, wire);
  book.toolByWire.set(keyOf(wire, scope), namespace === undefined ? { name, kind } : { name, namespace, kind });
}

function freeName(book: NameBook, wanted: readonly string[], scope: string | undefined, seed: string): string {
  const isFree = (wire: string) =>
    !book.toolByWire.has(keyOf(wire, scope)) && (scope !== undefined || !book.reserved.has(wire));
  for (const name of wanted) {
    const cleaned = clean(name, book.rules);
    if (isFree(cleaned)) return cleaned;
  }
  for (let round = 0; ; round++) {
    const hashed = addHash(clean(wanted[0]!, book.rules), round === 0 ? seed : `${seed}\n${round}`, book.rules);
    if (isFree(hashed)) return hashed;
  }
}

/** The names a tool may bear, best first. */
function candidates(name: string, namespace: string | undefined, rules: ToolNameRules): readonly string[] {
  if (namespace === undefined || rules.namespaces) return [name];
  const joined = `${namespace}__${name}`;
  return namespace === BARE_NAMESPACE ? [name, joined] : [joined];
}

function clean(name: string, rules: ToolNameRules): string {
  if (name.length <= rules.maxLength && rules.valid.test(name)) return name;
  const pattern = rules.invalidCharacter;
  const replaced = name.replace(pattern.global ? pattern : new RegExp(pattern, `${pattern.flags}g`), '_');
  const started = rules.valid.test(replaced.slice(0, rules.maxLength)) ? replaced : `_${replaced}`;
  return started.length > rules.maxLength ? addHash(started, name, rules) : started;
}

function addHash(name: string, seed: string, rules: ToolNameRules): string {
  const head = name.slice(0, Math.min(HASHED_HEAD, rules.maxLength - HASH_LENGTH - 1));
  return `${head}_${createHash('sha256').update(seed).digest('hex').slice(0, HASH_LENGTH)}`;
}

function keyOf(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}\n${name}`;
}
