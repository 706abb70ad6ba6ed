import { mapSame } from './canonical/map-same.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  Message,
  OpaquePart,
  OpaqueTool,
  TextPart,
  Tool,
  ToolChoice,
  UserPart,
} from './canonical/request.ts';
import { noteOfUse } from './canonical/server-tool.ts';
import type { TargetRules } from './dialect.ts';
import type { DialectId } from './dialect-id.ts';
import { approximated, dropped, type Loss } from './loss.ts';
import { goesUnsaid } from './own-dialect-only.ts';
import { TOOL_WORDS } from './server-tool-fields.ts';

/** A request of which a target understands everything, and what that cost. */
export interface OwnRequest {
  readonly request: CanonicalRequest;
  readonly losses: readonly Loss[];
}

/**
 * Takes out of a request what only another dialect understands. A vendor's own tool becomes the target's where it runs the like,
 * and what such a tool did earlier becomes words.
 */
export function keepOwn(request: CanonicalRequest, dialect: DialectId, rules: TargetRules): OwnRequest {
  const losses: Loss[] = [];
  for (const [origin, fields] of Object.entries(request.extras)) {
    if (origin === dialect) continue;
    for (const field of Object.keys(fields ?? {})) losses.push(dropped(field, 'The target dialect has no such field.'));
  }
  const own = request.extras[dialect];
  const names = new Map<string, string>();
  const tools = request.tools.flatMap((tool) => {
    if (tool.kind !== 'opaque' || tool.dialect === dialect) return [tool];
    const kept = translateTool(tool, rules, losses);
    if (kept === undefined) return [];
    const name = nameOf(kept);
    // several versions of a tool may become the same one of the target
    const isTwice = kept.kind === 'opaque' && [...names.values()].includes(name);
    names.set(nameOf(tool), name);
    return isTwice ? [] : [kept];
  });
  const messages = keepOwnMessages(request.messages, dialect, losses);
  const toolChoice = renameChoice(request.toolChoice, names);
  const extras = own === undefined ? {} : { [dialect]: own };
  return {
    request: { ...request, tools, messages, extras, ...(toolChoice === undefined ? {} : { toolChoice }) },
    losses,
  };
}

/** The target's form of another vendor's tool: its own like it, or the function it amounts to; `undefined` when there is none. */
function translateTool(tool: OpaqueTool, rules: TargetRules, losses: Loss[]): Tool | undefined {
  const { wish, asFunction } = tool;
  const name = wish === undefined ? nameOf(tool) : TOOL_WORDS[wish.kind];
  const granted = wish === undefined ? undefined : rules.serverTool?.(wish);
  if (granted !== undefined) {
    losses.push(...granted.losses);
    return granted.tool;
  }
  if (asFunction !== undefined) {
    losses.push(
      approximated('tool-typed', `The model does not know the tool ${name} by its type; it is described to it.`),
    );
    return asFunction;
  }
  losses.push(dropped(`tool=${name}`, 'The target cannot run this server tool.'));
  return undefined;
}

function nameOf(tool: Tool): string {
  return tool.kind === 'opaque' ? (tool.name ?? tool.type) : tool.name;
}

function renameChoice(choice: ToolChoice | undefined, names: ReadonlyMap<string, string>): ToolChoice | undefined {
  if (names.size === 0 || choice === undefined) return choice;
  if (choice.mode === 'named' && choice.namespace === undefined) {
    return { mode: 'named', name: names.get(choice.name) ?? choice.name };
  }
  if (choice.mode !== 'allowed') return choice;
  return { ...choice, names: choice.names.map((name) => names.get(name) ?? name) };
}

/** A turn of which nothing is left goes, unless it is the one that asks. */
function keepOwnMessages(given: readonly Message[], dialect: DialectId, losses: Loss[]): readonly Message[] {
  const messages = mapSame(given, (message) => keepOwnParts(message, dialect, losses));
  if (messages === given) return given;
  const isLeft = (message: Message, at: number) =>
    message.parts.length > 0 || message === given[at] || at === given.length - 1;
  return messages.filter(isLeft);
}

function keepOwnParts(message: Message, dialect: DialectId, losses: Loss[]): Message {
  if (message.role === 'assistant') {
    const parts = keepParts(message.parts, dialect, losses);
    return parts === message.parts ? message : { ...message, parts };
  }
  if (message.role !== 'user') return message;
  const kept = keepParts(message.parts, dialect, losses);
  const parts = mapSame(kept, (part) => {
    if (part.type !== 'tool-result') return part;
    const inner = keepParts(part.parts, dialect, losses);
    return inner === part.parts ? part : { ...part, parts: inner };
  });
  return parts === message.parts ? message : { ...message, parts };
}

function keepParts<P extends UserPart | AssistantPart>(
  parts: readonly P[],
  dialect: DialectId,
  losses: Loss[],
): readonly (P | TextPart)[] {
  if (!parts.some((part) => isForeign(part, dialect))) return parts;
  return parts.flatMap((part): readonly (P | TextPart)[] =>
    isForeign(part, dialect) ? tellForeign(part, losses) : [part],
  );
}

function isForeign(part: UserPart | AssistantPart, dialect: DialectId): part is OpaquePart {
  return part.type === 'opaque' && part.dialect !== dialect;
}

function tellForeign({ dialect, kind, use }: OpaquePart, losses: Loss[]): readonly TextPart[] {
  if (goesUnsaid(dialect, kind)) return [];
  if (use === undefined) {
    losses.push(dropped(`part=${kind}`, 'The target dialect has no such part.'));
    return [];
  }
  losses.push(approximated(`part=${kind}`, "What a vendor's own tool did is told in words."));
  return [{ type: 'text', text: noteOfUse(use) }];
}
