import { asObject, asString, type Json, type JsonObject } from '../../base/json.ts';
import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../canonical/request.ts';
import { optionalBoolean, optionalList, optionalString, requiredObject, wrongField } from '../request-fields.ts';
import { readCacheMark } from './vocabulary.ts';

/** Decodes `tools` and the older `functions`. */
export function decodeTools(body: JsonObject): readonly Tool[] {
  const tools = optionalList(body, 'tools') ?? [];
  const functions = optionalList(body, 'functions') ?? [];
  return [
    ...tools.map((tool, at) => decodeTool(requiredObject(tool, `tools[${at}]`), `tools[${at}]`)),
    ...functions.map((tool, at) => decodeFunction(requiredObject(tool, `functions[${at}]`), `functions[${at}]`)),
  ];
}

function decodeTool(tool: JsonObject, path: string): Tool {
  const type = tool.type ?? 'function';
  if (type === 'function') return decodeFunctionTool(tool, path);
  if (type === 'custom') return decodeCustom(requiredObject(tool.custom ?? tool, `${path}.custom`), `${path}.custom`);
  if (typeof type !== 'string') throw wrongField(`${path}.type`, 'a string');
  const name = asString(tool.name);
  return { kind: 'opaque', dialect: 'openai-chat', type, ...(name === undefined ? {} : { name }), raw: tool };
}

function decodeFunctionTool(tool: JsonObject, path: string): FunctionTool {
  // some clients write the Responses form, where the definition is not nested
  const isFlat = tool.function === undefined && typeof tool.name === 'string';
  const definition = isFlat ? tool : requiredObject(tool.function, `${path}.function`);
  return { ...decodeFunction(definition, isFlat ? path : `${path}.function`), ...readCacheMark(tool) };
}

function decodeFunction(definition: JsonObject, path: string): FunctionTool {
  const name = readName(definition, path);
  const description = optionalString(definition, 'description', `${path}.description`);
  const strict = optionalBoolean(definition, 'strict', `${path}.strict`);
  const schema = definition.parameters ?? undefined;
  return {
    kind: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function decodeCustom(definition: JsonObject, path: string): CustomTool {
  const name = readName(definition, path);
  const description = optionalString(definition, 'description', `${path}.description`);
  const format = decodeFormat(asObject(definition.format));
  return {
    kind: 'custom',
    name,
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
  };
}

/** The hub keeps the form of the Responses dialect, where the grammar is not nested. */
function decodeFormat(format: JsonObject | undefined): JsonObject | undefined {
  const grammar = asObject(format?.grammar);
  return grammar === undefined ? format : { type: 'grammar', ...grammar };
}

function readName(definition: JsonObject, path: string): string {
  const name = definition.name;
  if (typeof name !== 'string' || name === '') throw wrongField(`${path}.name`, 'a string that is not empty');
  return name;
}

/** Decodes `tool_choice`, or the older `function_call`. */
export function decodeToolChoice(body: JsonObject): ToolChoice | undefined {
  const choice = body.tool_choice ?? undefined;
  if (choice !== undefined) return decodeChoice(choice);
  const old = body.function_call ?? undefined;
  if (old === undefined) return undefined;
  if (old === 'auto' || old === 'none') return { mode: old };
  const name = asString(asObject(old)?.name);
  if (name === undefined) throw wrongField('function_call', "'auto', 'none' or an object with a name");
  return { mode: 'named', name };
}

function decodeChoice(choice: Json): ToolChoice {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { mode: choice };
  // Mistral's word
  if (choice === 'any') return { mode: 'required' };
  const object = asObject(choice);
  if (object === undefined) throw wrongField('tool_choice', "'none', 'auto', 'required' or an object");
  if (object.type === 'allowed_tools') return decodeAllowed(asObject(object.allowed_tools) ?? object);
  const name = nameOfChoice(object);
  if (name === undefined) throw wrongField('tool_choice', 'an object that names a tool');
  return { mode: 'named', name };
}

function decodeAllowed(allowed: JsonObject): ToolChoice {
  const tools = optionalList(allowed, 'tools', 'tool_choice.allowed_tools.tools') ?? [];
  const names = tools.map((tool, at) => {
    const path = `tool_choice.allowed_tools.tools[${at}]`;
    const name = nameOfChoice(requiredObject(tool, path));
    if (name === undefined) throw wrongField(path, 'an object that names a tool');
    return name;
  });
  return { mode: 'allowed', names, must: allowed.mode === 'required' };
}

function nameOfChoice(choice: JsonObject): string | undefined {
  return asString(asObject(choice.function)?.name) ?? asString(asObject(choice.custom)?.name) ?? asString(choice.name);
}
