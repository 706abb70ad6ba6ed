import { asString, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../canonical/request.ts';
import { approximated } from '../loss.ts';
import { fitsOpenaiStrict } from '../schema/for-openai-strict.ts';
import { toolSchema } from '../schema/tool-schema.ts';
import { type Encoding, writeCacheMark } from './encoding.ts';
import { choosesSearch, splitSearch } from './server-tools.ts';

/** The fields that tell which tools there are and which of them shall be called. */
export function encodeToolFields(encoding: Encoding): JsonObject {
  const { tools, toolChoice: wanted, parallelToolCalls } = encoding.request;
  const { fields, rest } = splitSearch(tools);
  // search models search anyway, and a search has no name there
  const toolChoice = choosesSearch(wanted) ? undefined : wanted;
  const offered = offeredTools(rest, toolChoice, encoding);
  if (offered.length === 0) return fields;
  const choice = encodeChoice(toolChoice, encoding);
  return {
    ...fields,
    tools: offered.map((tool) => encodeTool(tool, encoding)),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallelToolCalls === false ? { parallel_tool_calls: false } : {}),
  };
}

/** Where a choice cannot be told, only the tools that may be chosen are offered. */
function offeredTools(tools: readonly Tool[], choice: ToolChoice | undefined, encoding: Encoding): readonly Tool[] {
  if (choice === undefined) return tools;
  const autoOnly = encoding.quirks.toolChoice === 'auto-only';
  if (choice.mode === 'none') return autoOnly ? [] : tools;
  if (choice.mode === 'named' && autoOnly) return tools.filter((tool) => nameOfTool(tool) === choice.name);
  if (choice.mode !== 'allowed' || isNativeAllowed(encoding)) return tools;
  encoding.losses.push(approximated('tool_choice', 'Only the allowed tools are sent.'));
  return tools.filter((tool) => choice.names.includes(nameOfTool(tool)));
}

function isNativeAllowed(encoding: Encoding): boolean {
  return encoding.official && encoding.quirks.toolChoice === undefined;
}

function nameOfTool(tool: Tool): string {
  return tool.kind === 'opaque' ? (tool.name ?? tool.type) : tool.name;
}

function encodeChoice(choice: ToolChoice | undefined, encoding: Encoding): Json | undefined {
  if (choice === undefined) return undefined;
  if (encoding.quirks.toolChoice === 'auto-only') {
    const isForced =
      choice.mode === 'required' || choice.mode === 'named' || (choice.mode === 'allowed' && choice.must);
    if (isForced) encoding.losses.push(approximated('tool_choice', 'The target only lets the model choose.'));
    return 'auto';
  }
  switch (choice.mode) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.mode;
    case 'validated':
      return 'auto';
    case 'named':
      return referTo(choice.name, encoding);
    case 'allowed': {
      const mode = choice.must ? 'required' : 'auto';
      if (!isNativeAllowed(encoding)) return mode;
      const tools = choice.names.map((name) => referTo(name, encoding));
      return { type: 'allowed_tools', allowed_tools: { mode, tools } };
    }
    default:
      return choice satisfies never;
  }
}

function referTo(name: string, encoding: Encoding): JsonObject {
  const isCustom = encoding.request.tools.some((tool) => tool.kind === 'custom' && tool.name === name);
  return isCustom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}

function encodeTool(tool: Tool, encoding: Encoding): JsonObject {
  if (tool.kind === 'opaque') return tool.raw;
  return tool.kind === 'custom' ? encodeCustom(tool) : encodeFunction(tool, encoding);
}

function encodeFunction(tool: FunctionTool, encoding: Encoding): JsonObject {
  const { schema, losses } = toolSchema(tool.schema);
  encoding.losses.push(...losses);
  const definition: JsonDraft = { name: tool.name };
  if (tool.description !== undefined) definition.description = tool.description;
  definition.parameters = schema;
  if (tool.strict === true && takesStrict(definition.parameters, encoding)) definition.strict = true;
  // only where Anthropic's marks are understood do tools have a place for one
  const mark = encoding.quirks.cacheControl === true ? writeCacheMark(tool.cache, encoding) : {};
  return { type: 'function', function: definition, ...mark };
}

function takesStrict(schema: Json, encoding: Encoding): boolean {
  const takes = encoding.quirks.strictTools !== false && fitsOpenaiStrict(schema);
  if (!takes) encoding.losses.push(approximated('strict', 'The target cannot hold this schema strictly.'));
  return takes;
}

function encodeCustom(tool: CustomTool): JsonObject {
  const definition: JsonDraft = { name: tool.name };
  if (tool.description !== undefined) definition.description = tool.description;
  if (tool.format !== undefined) definition.format = nestGrammar(tool.format);
  return { type: 'custom', custom: definition };
}

/** The hub keeps a grammar in the form of the Responses dialect; here it is nested. */
function nestGrammar(format: JsonObject): JsonObject {
  const definition = asString(format.definition);
  if (format.type !== 'grammar' || definition === undefined) return format;
  return { type: 'grammar', grammar: { syntax: format.syntax ?? 'lark', definition } };
}
