import { asObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CustomTool, FunctionTool, OpaqueTool, Tool, ToolChoice } from '../canonical/request.ts';
import { approximated } from '../loss.ts';
import { fitsOpenaiStrict } from '../schema/for-openai-strict.ts';
import { toolSchema } from '../schema/tool-schema.ts';
import type { Encoding } from './encoding.ts';
import { usesLimit } from './server-tools.ts';
import { TOOL_SEARCH } from './wire.ts';

/** What draws pictures here. https://platform.openai.com/docs/guides/tools-image-generation */
const PICTURES: JsonObject = { type: 'image_generation' };

/** The fields that tell which tools there are and which of them shall be called. */
export function encodeToolFields(encoding: Encoding): JsonObject {
  const { tools, toolChoice, parallelToolCalls, answerMedia } = encoding.request;
  const offered = offeredTools(encoding);
  if (offered.length === 0) return answerMedia?.image === undefined ? {} : { tools: [PICTURES] };
  const isBound = encoding.quirks.toolChoice === 'auto-only' && toolChoice !== undefined;
  const choice = isBound ? 'auto' : encodeChoice(toolChoice, tools);
  const uses = usesLimit(offered);
  return {
    tools: [...encodeTools(offered, encoding), ...(answerMedia?.image === undefined ? [] : [PICTURES])],
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
    ...(uses === undefined ? {} : { max_tool_calls: uses }),
  };
}

/** Where a choice cannot be told, only the tools that may be chosen are offered. */
function offeredTools({ request, quirks, losses }: Encoding): readonly Tool[] {
  const { tools, toolChoice: choice } = request;
  if (quirks.toolChoice !== 'auto-only' || choice === undefined || choice.mode === 'auto') return tools;
  if (choice.mode === 'none') return [];
  losses.push(approximated('tool_choice', 'The target only lets its model choose.'));
  if (choice.mode === 'named') return tools.filter((tool) => flatName(tool) === flatten(choice.name, choice.namespace));
  return choice.mode === 'allowed' ? tools.filter((tool) => choice.names.includes(flatName(tool))) : tools;
}

/** The tools; those of a namespace stand together where its first one stood. */
function encodeTools(tools: readonly Tool[], encoding: Encoding): readonly JsonObject[] {
  const encoded: JsonObject[] = [];
  const namespaces = new Map<string, JsonObject[]>();
  for (const tool of tools) {
    const namespace = tool.kind === 'opaque' ? undefined : tool.namespace;
    const list = namespace === undefined ? encoded : namespaces.get(namespace);
    if (list !== undefined) list.push(encodeTool(tool, encoding));
    else {
      const inner = [encodeTool(tool, encoding)];
      namespaces.set(namespace!, inner);
      encoded.push({ type: 'namespace', name: namespace!, description: `Tools of ${namespace}.`, tools: inner });
    }
  }
  return encoded;
}

function encodeTool(tool: Tool, encoding: Encoding): JsonObject {
  if (tool.kind === 'opaque') return tool.raw;
  return tool.kind === 'custom' ? encodeCustom(tool) : encodeFunction(tool, encoding);
}

function encodeFunction(tool: FunctionTool, encoding: Encoding): JsonObject {
  const { schema: parameters, losses } = toolSchema(tool.schema);
  encoding.losses.push(...losses);
  if (tool.searchesTools) {
    const description = tool.description === undefined ? {} : { description: tool.description };
    return { type: TOOL_SEARCH, execution: 'client', ...description, parameters };
  }
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    parameters,
    // the service reads an absent `strict` as a wish for it
    ...(encoding.quirks.strictTools === false ? {} : { strict: isStrict(tool.strict, parameters, encoding) }),
  };
}

/** Whether a schema goes strictly: as the client asked, unless the service would refuse it. */
export function isStrict(asked: boolean | undefined, schema: JsonObject, encoding: Encoding): boolean {
  if (asked !== true) return false;
  const fits = fitsOpenaiStrict(schema);
  if (!fits) encoding.losses.push(approximated('strict', 'The target cannot hold this schema strictly.'));
  return fits;
}

function encodeCustom(tool: CustomTool): JsonObject {
  return {
    type: 'custom',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    ...(tool.format === undefined ? {} : { format: flattenGrammar(tool.format) }),
  };
}

// the chat dialect writes a grammar one level deeper
function flattenGrammar(format: JsonObject): JsonObject {
  const grammar = asObject(format.grammar);
  return grammar === undefined ? format : { type: 'grammar', ...grammar };
}

function encodeChoice(choice: ToolChoice | undefined, tools: readonly Tool[]): Json | undefined {
  switch (choice?.mode) {
    case 'named':
      return referTo(flatten(choice.name, choice.namespace), choice.name, tools);
    case 'allowed': {
      const mode = choice.must ? 'required' : 'auto';
      return { type: 'allowed_tools', mode, tools: choice.names.map((name) => referTo(name, name, tools)) };
    }
    case 'validated':
      return 'auto';
    default:
      return choice?.mode;
  }
}

function referTo(flat: string, name: string, tools: readonly Tool[]): JsonObject {
  const tool = tools.find((candidate) => flatName(candidate) === flat);
  if (tool?.kind === 'opaque') return referToServerTool(tool);
  return { type: tool?.kind ?? 'function', name: tool?.name ?? name };
}

function referToServerTool(tool: OpaqueTool): JsonObject {
  const label = tool.raw.server_label;
  return tool.type === 'mcp' && label !== undefined ? { type: 'mcp', server_label: label } : { type: tool.type };
}

function flatName(tool: Tool): string {
  return tool.kind === 'opaque' ? (tool.name ?? tool.type) : flatten(tool.name, tool.namespace);
}

function flatten(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}
