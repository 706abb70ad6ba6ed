import { asArray, asObject, asString, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../canonical/request.ts';
import { missingField, readFields, readObjects, wrongType } from './read-fields.ts';
import { DIALECT } from './wire.ts';

/** Decodes a list of tools that stands at `at`; the tools of a namespace come one by one under its name. */
export function decodeTools(list: readonly Json[], at: string): readonly Tool[] {
  return readObjects(list, at).flatMap(({ value, path }) => decodeTool(value, path));
}

type DecodeTool = (tool: JsonObject, at: string, namespace?: string) => readonly Tool[];

const TOOLS: ReadonlyMap<string, DecodeTool> = new Map<string, DecodeTool>([
  ['function', (tool, at, namespace) => [decodeFunction(tool, at, namespace)]],
  ['custom', (tool, at, namespace) => [decodeCustom(tool, at, namespace)]],
  ['namespace', decodeNamespace],
]);

function decodeTool(tool: JsonObject, at: string, namespace?: string): readonly Tool[] {
  const type = readFields(tool, at).string('type');
  if (type === undefined) throw missingField(`${at}.type`);
  const decode = TOOLS.get(type);
  if (decode !== undefined) return decode(tool, at, namespace);
  const name = asString(tool.name);
  return [{ kind: 'opaque', dialect: DIALECT, type, ...(name === undefined ? {} : { name }), raw: tool }];
}

function decodeNamespace(tool: JsonObject, at: string): readonly Tool[] {
  const fields = readFields(tool, at);
  const name = fields.string('name');
  if (name === undefined) throw missingField(`${at}.name`);
  const inner = fields.array('tools') ?? [];
  return readObjects(inner, `${at}.tools`).flatMap(({ value, path }) => decodeTool(value, path, name));
}

function decodeFunction(tool: JsonObject, at: string, namespace: string | undefined): FunctionTool {
  // programs written for the chat dialect nest the definition one level deeper
  const nested = tool.name === undefined ? asObject(tool.function) : undefined;
  const fields = readFields(nested ?? tool, nested === undefined ? at : `${at}.function`);
  const name = fields.string('name');
  if (name === undefined) throw missingField(fields.path('name'));
  const schema = fields.object('parameters');
  const description = fields.string('description');
  const strict = fields.boolean('strict');
  return {
    kind: 'function',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function decodeCustom(tool: JsonObject, at: string, namespace: string | undefined): CustomTool {
  const fields = readFields(tool, at);
  const name = fields.string('name');
  if (name === undefined) throw missingField(`${at}.name`);
  const description = fields.string('description');
  const format = fields.object('format');
  return {
    kind: 'custom',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
  };
}

/** Decodes `tool_choice`. A server tool is chosen by its type. */
export function decodeToolChoice(wire: Json | undefined): ToolChoice | undefined {
  if (wire === undefined || wire === null) return undefined;
  if (wire === 'auto' || wire === 'none' || wire === 'required') return { mode: wire };
  if (!isObject(wire)) throw wrongType('tool_choice', '`auto`, `none`, `required` or an object');
  const type = asString(wire.type);
  if (type === undefined) throw missingField('tool_choice.type');
  if (type === 'allowed_tools') return decodeAllowed(wire);
  const tool = nameOfChoice(wire);
  if (tool === undefined) throw missingField('tool_choice.name');
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
