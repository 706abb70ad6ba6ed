import { asObject, asString, type JsonObject } from '../base/json.ts';
import { mapSame } from './canonical/map-same.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  CustomTool,
  FunctionTool,
  Message,
  Tool,
  ToolCallPart,
  ToolChoice,
  UserPart,
} from './canonical/request.ts';
import { wrapInput } from './custom-input.ts';
import { approximated, type Loss } from './loss.ts';
import type { ToolNameRules, ToolNames } from './tool-names.ts';

/**
 * The request with the target's names in its tools, calls, results and tool choice, and custom tools as functions where needed.
 * Without tools there is nothing to choose, so the choice goes too: every upstream refuses one.
 */
export function adaptTools(
  request: CanonicalRequest,
  names: ToolNames,
  rules: ToolNameRules,
): { readonly request: CanonicalRequest; readonly losses: readonly Loss[] } {
  const losses: Loss[] = [];
  const tools = mapSame(dropDoubles(request.tools), (tool) => adaptTool(tool, names, rules));
  const messages = mapSame(request.messages, (message) => adaptMessage(message, names, rules));
  const choice = adaptChoice(request, names, rules, losses);
  if (tools === request.tools && messages === request.messages && choice === request.toolChoice) {
    return { request: withoutIdleWishes(request), losses };
  }
  const { toolChoice: _replaced, ...rest } = request;
  const adapted = { ...rest, tools, messages, ...(choice === undefined ? {} : { toolChoice: choice }) };
  return { request: withoutIdleWishes(adapted), losses };
}

function withoutIdleWishes(request: CanonicalRequest): CanonicalRequest {
  if (request.tools.length > 0 || request.parallelToolCalls === undefined) return request;
  const { parallelToolCalls: _idle, ...rest } = request;
  return rest;
}

/** Of tools with one name the later definition counts, at the place of the first. */
function dropDoubles(tools: readonly Tool[]): readonly Tool[] {
  const byKey = new Map<Tool | string, Tool>();
  for (const tool of tools) byKey.set(tool.kind === 'opaque' ? tool : `${tool.namespace ?? ''}\n${tool.name}`, tool);
  return byKey.size === tools.length ? tools : [...byKey.values()];
}

function adaptTool(tool: Tool, names: ToolNames, rules: ToolNameRules): Tool {
  if (tool.kind === 'opaque') return tool;
  const name = names.toWire(tool.name, tool.namespace);
  const flatten = tool.namespace !== undefined && !rules.namespaces;
  if (tool.kind === 'custom' && !rules.custom) return customAsFunction(tool, name, rules);
  if (name === tool.name && !flatten) return tool;
  const { namespace, ...rest } = tool;
  return namespace === undefined || flatten ? { ...rest, name } : { ...rest, name, namespace };
}

function customAsFunction(tool: CustomTool, name: string, rules: ToolNameRules): FunctionTool {
  const description = [tool.description, describeFormat(tool.format)].filter(Boolean).join('\n\n');
  return {
    kind: 'function',
    name,
    ...(tool.namespace !== undefined && rules.namespaces ? { namespace: tool.namespace } : {}),
    ...(description === '' ? {} : { description }),
    schema: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
      required: ['input'],
      additionalProperties: false,
    },
  };
}

function describeFormat(format: JsonObject | undefined): string | undefined {
  const grammar = asObject(format?.grammar) ?? format;
  const definition = asString(grammar?.definition);
  if (definition === undefined) return undefined;
  return `The input must follow this ${asString(grammar?.syntax) ?? ''} grammar:\n${definition}`.replace('  ', ' ');
}

function adaptMessage(message: Message, names: ToolNames, rules: ToolNameRules): Message {
  if (message.role === 'assistant') {
    const parts = mapSame(message.parts, (part) => adaptAssistantPart(part, names, rules));
    return parts === message.parts ? message : { ...message, parts };
  }
  if (message.role === 'user') {
    const parts = mapSame(message.parts, (part) => adaptUserPart(part, names, rules));
    return parts === message.parts ? message : { ...message, parts };
  }
  return message;
}

function adaptAssistantPart(part: AssistantPart, names: ToolNames, rules: ToolNameRules): AssistantPart {
  if (part.type !== 'tool-call') return part;
  const name = names.toWire(part.name, part.namespace);
  const flatten = part.namespace !== undefined && !rules.namespaces;
  const wrap = part.kind === 'custom' && !rules.custom;
  if (name === part.name && !flatten && !wrap) return part;
  const { namespace, ...rest } = part;
  const call: ToolCallPart = namespace === undefined || flatten ? { ...rest, name } : { ...rest, name, namespace };
  return wrap ? { ...call, kind: 'function', arguments: wrapInput(part.arguments) } : call;
}

function adaptUserPart(part: UserPart, names: ToolNames, rules: ToolNameRules): UserPart {
  if (part.type !== 'tool-result') return part;
  const name = part.name === undefined ? undefined : names.toWire(part.name);
  const kind = rules.custom ? part.kind : 'function';
  if (name === part.name && kind === part.kind) return part;
  return { ...part, kind, ...(name === undefined ? {} : { name }) };
}

function adaptChoice(
  request: CanonicalRequest,
  names: ToolNames,
  rules: ToolNameRules,
  losses: Loss[],
): ToolChoice | undefined {
  const choice = request.toolChoice;
  if (choice === undefined) return undefined;
  const lose = (name: string) => {
    losses.push(approximated('tool_choice', `The chosen tool ${name} is not among the tools the target gets.`));
  };
  const adapted = adaptNamedChoice(choice, (name, namespace) => {
    const tool = findTool(request.tools, name, namespace);
    if (tool === undefined) lose(name);
    return tool === undefined ? undefined : chosenName(tool, names, rules);
  });
  return request.tools.length === 0 ? undefined : adapted;
}

interface ChosenTool {
  readonly name: string;
  readonly namespace?: string;
}

type Find = (name: string, namespace?: string) => ChosenTool | undefined;

function adaptNamedChoice(choice: ToolChoice, find: Find): ToolChoice {
  if (choice.mode === 'named') {
    const tool = find(choice.name, choice.namespace);
    if (tool === undefined) return { mode: 'auto' };
    const same = tool.name === choice.name && tool.namespace === choice.namespace;
    return same ? choice : { mode: 'named', ...tool };
  }
  if (choice.mode !== 'allowed') return choice;
  const found = choice.names.map((name) => find(name)).filter((tool) => tool !== undefined);
  return found.length === 0 ? { mode: 'auto' } : { ...choice, names: found.map(flatName) };
}

function chosenName(tool: Tool, names: ToolNames, rules: ToolNameRules): ChosenTool {
  if (tool.kind === 'opaque') return { name: tool.name ?? tool.type };
  const name = names.toWire(tool.name, tool.namespace);
  return tool.namespace !== undefined && rules.namespaces ? { name, namespace: tool.namespace } : { name };
}

function findTool(tools: readonly Tool[], name: string, namespace: string | undefined): Tool | undefined {
  const flat = namespace === undefined ? name : `${namespace}__${name}`;
  return (
    tools.find((tool) => (tool.kind === 'opaque' ? (tool.name ?? tool.type) === flat : flatName(tool) === flat)) ??
    tools.find((tool) => namespace === undefined && tool.kind !== 'opaque' && tool.name === name)
  );
}

function flatName(tool: { readonly name: string; readonly namespace?: string }): string {
  return tool.namespace === undefined ? tool.name : `${tool.namespace}__${tool.name}`;
}
