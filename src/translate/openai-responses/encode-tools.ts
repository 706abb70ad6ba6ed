import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CustomTool, FunctionTool, OpaqueTool, Tool, ToolChoice } from '../canonical/request.ts';

/** Encodes the tools; those of a namespace stand together where its first one stood. `strict` is written unless refused. */
export function encodeTools(tools: readonly Tool[], withStrict: boolean): readonly JsonObject[] {
  const encoded: JsonObject[] = [];
  const namespaces = new Map<string, JsonObject[]>();
  for (const tool of tools) {
    const namespace = tool.kind === 'opaque' ? undefined : tool.namespace;
    const inner = namespace === undefined ? undefined : namespaces.get(namespace);
    if (inner !== undefined) inner.push(encodeTool(tool, withStrict));
    else if (namespace === undefined) encoded.push(encodeTool(tool, withStrict));
    else {
      const list = [encodeTool(tool, withStrict)];
      namespaces.set(namespace, list);
      encoded.push({ type: 'namespace', name: namespace, description: `Tools of ${namespace}.`, tools: list });
    }
  }
  return encoded;
}

function encodeTool(tool: Tool, withStrict: boolean): JsonObject {
  switch (tool.kind) {
    case 'function':
      return encodeFunction(tool, withStrict);
    case 'custom':
      return encodeCustom(tool);
    case 'opaque':
      return tool.raw;
    default:
      return tool satisfies never;
  }
}

function encodeFunction(tool: FunctionTool, withStrict: boolean): JsonObject {
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    parameters: parametersOf(tool.schema),
    // the service reads an absent `strict` as a wish for it
    ...(withStrict ? { strict: tool.strict ?? false } : {}),
  };
}

function parametersOf(schema: Json | undefined): JsonObject {
  if (!isObject(schema)) return { type: 'object', properties: {} };
  if (schema.type === undefined) return { type: 'object', properties: {}, ...schema };
  return schema.type === 'object' && schema.properties === undefined ? { ...schema, properties: {} } : schema;
}

function encodeCustom(tool: CustomTool): JsonObject {
  return {
    type: 'custom',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    ...(tool.format === undefined ? {} : { format: tool.format }),
  };
}

/** Encodes which tools the model may or must use. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  switch (choice.mode) {
    case 'named':
      return choiceOf(choice.name, choice.namespace, tools);
    case 'allowed': {
      const mode = choice.must ? 'required' : 'auto';
      return { type: 'allowed_tools', mode, tools: choice.names.map((name) => choiceOf(name, undefined, tools)) };
    }
    case 'validated':
      return 'auto';
    default:
      return choice.mode;
  }
}

function choiceOf(name: string, namespace: string | undefined, tools: readonly Tool[]): JsonObject {
  const flat = namespace === undefined ? name : `${namespace}__${name}`;
  const tool = tools.find((candidate) => flatName(candidate) === flat);
  if (tool?.kind === 'opaque') return choiceOfServerTool(tool);
  return { type: tool?.kind ?? 'function', name: tool?.name ?? name };
}

function choiceOfServerTool(tool: OpaqueTool): JsonObject {
  const label = tool.raw.server_label;
  return tool.type === 'mcp' && label !== undefined ? { type: 'mcp', server_label: label } : { type: tool.type };
}

function flatName(tool: Tool): string {
  if (tool.kind === 'opaque') return tool.name ?? tool.type;
  return tool.namespace === undefined ? tool.name : `${tool.namespace}__${tool.name}`;
}
