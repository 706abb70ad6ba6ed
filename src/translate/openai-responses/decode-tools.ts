import { asArray, asObject, asString, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../canonical/request.ts';
import {
  optionalBoolean,
  optionalList,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
  wrongField,
} from '../request-fields.ts';
import { readWish } from './server-tools.ts';
import { DIALECT, TOOL_SEARCH } from './wire.ts';

/** Decodes a list of tools that stands at `at`; the tools of a namespace come one by one under its name. */
export function decodeTools(list: readonly Json[], at: string, namespace?: string): readonly Tool[] {
  return list.flatMap((tool, index) => {
    const path = `${at}[${index}]`;
    return decodeTool(requiredObject(tool, path), path, namespace);
  });
}

type DecodeTool = (tool: JsonObject, at: string, namespace?: string) => readonly Tool[];

const TOOLS: ReadonlyMap<string, DecodeTool> = new Map<string, DecodeTool>([
  ['function', (tool, at, namespace) => [decodeFunction(tool, at, namespace)]],
  ['custom', (tool, at, namespace) => [decodeCustom(tool, at, namespace)]],
  ['namespace', decodeNamespace],
]);

function decodeTool(tool: JsonObject, at: string, namespace?: string): readonly Tool[] {
  const type = requiredString(tool, 'type', `${at}.type`);
  if (type === 'tool_search' && tool.execution === 'client') return [decodeToolSearch(tool, at)];
  const decode = TOOLS.get(type);
  if (decode !== undefined) return decode(tool, at, namespace);
  const name = asString(tool.name);
  const wish = readWish(type, tool);
  return [
    {
      kind: 'opaque',
      dialect: DIALECT,
      type,
      ...(name === undefined ? {} : { name }),
      raw: tool,
      ...(wish === undefined ? {} : { wish }),
    },
  ];
}

/** A search that the client runs itself is a function to every model but OpenAI's. */
function decodeToolSearch(tool: JsonObject, at: string): FunctionTool {
  const schema = optionalObject(tool, 'parameters', `${at}.parameters`);
  const description = optionalString(tool, 'description', `${at}.description`);
  return {
    kind: 'function',
    name: TOOL_SEARCH,
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema }),
    searchesTools: true,
  };
}

function decodeNamespace(tool: JsonObject, at: string): readonly Tool[] {
  const name = requiredString(tool, 'name', `${at}.name`);
  return decodeTools(optionalList(tool, 'tools', `${at}.tools`) ?? [], `${at}.tools`, name);
}

function decodeFunction(tool: JsonObject, at: string, namespace: string | undefined): FunctionTool {
  // programs written for the chat dialect nest the definition one level deeper
  const nested = tool.name === undefined ? asObject(tool.function) : undefined;
  const from = nested ?? tool;
  const path = nested === undefined ? at : `${at}.function`;
  const schema = optionalObject(from, 'parameters', `${path}.parameters`);
  const description = optionalString(from, 'description', `${path}.description`);
  const strict = optionalBoolean(from, 'strict', `${path}.strict`);
  return {
    kind: 'function',
    name: requiredString(from, 'name', `${path}.name`),
    ...(namespace === undefined ? {} : { namespace }),
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function decodeCustom(tool: JsonObject, at: string, namespace: string | undefined): CustomTool {
  const description = optionalString(tool, 'description', `${at}.description`);
  const format = optionalObject(tool, 'format', `${at}.format`);
  return {
    kind: 'custom',
    name: requiredString(tool, 'name', `${at}.name`),
    ...(namespace === undefined ? {} : { namespace }),
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
  };
}

/** Decodes `tool_choice`. A server tool is chosen by its type. */
export function decodeToolChoice(wire: Json | undefined): ToolChoice | undefined {
  if (wire === undefined || wire === null) return undefined;
  if (wire === 'auto' || wire === 'none' || wire === 'required') return { mode: wire };
  if (!isObject(wire)) throw wrongField('tool_choice', "'auto', 'none', 'required' or an object");
  if (requiredString(wire, 'type', 'tool_choice.type') === 'allowed_tools') return decodeAllowed(wire);
  const tool = nameOfChoice(wire);
  if (tool === undefined) throw wrongField('tool_choice.name', 'a string');
  return { mode: 'named', ...tool };
}

function decodeAllowed(wire: JsonObject): ToolChoice {
  const names = asArray(wire.tools)
    .map((tool) => (isObject(tool) ? nameOfChoice(tool) : undefined))
    .filter((tool) => tool !== undefined)
    .map(({ name, namespace }) => (namespace === undefined ? name : `${namespace}__${name}`));
  return { mode: 'allowed', names, must: wire.mode === 'required' };
}

function nameOfChoice(tool: JsonObject): { name: string; namespace?: string } | undefined {
  const isOwn = tool.type === 'function' || tool.type === 'custom';
  const name = isOwn ? asString((asObject(tool.function) ?? tool).name) : asString(tool.type);
  const namespace = isOwn ? asString(tool.namespace) : undefined;
  return name === undefined ? undefined : { name, ...(namespace === undefined ? {} : { namespace }) };
}
