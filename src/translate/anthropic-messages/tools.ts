import { asString, type JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, FunctionTool, OpaqueTool, Tool, ToolChoice } from '../canonical/request.ts';
import { approximated, type Loss } from '../loss.ts';
import {
  optionalList,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
  wrongField,
} from '../request-fields.ts';
import { isStrictSchema } from '../schema/for-anthropic.ts';
import { toolSchema } from '../schema/tool-schema.ts';
import { decodeCacheMark, encodeCacheMark } from './cache-marks.ts';
import { optionalField } from './optional-field.ts';
import { readWish } from './server-tools.ts';
import { functionOfTyped } from './typed-tools.ts';
import type { WireToolChoice } from './wire.ts';

/** Decodes the tools of a request. Deferred ones count as loaded; what only concerns their loading is left out. */
export function decodeTools(body: JsonObject): readonly Tool[] {
  const tools = optionalList(body, 'tools') ?? [];
  return tools.map((tool, at) => decodeTool(requiredObject(tool, `tools[${at}]`), `tools[${at}]`));
}

function decodeTool(tool: JsonObject, path: string): Tool {
  const type = optionalString(tool, 'type', `${path}.type`);
  if (type !== undefined && type !== 'custom') {
    const name = asString(tool.name);
    return {
      kind: 'opaque',
      dialect: 'anthropic-messages',
      type,
      ...optionalField('name', name),
      raw: tool,
      ...optionalField('wish', readWish(type, tool)),
      ...optionalField('asFunction', functionOfTyped(type, tool)),
    };
  }
  return {
    kind: 'function',
    name: requiredString(tool, 'name', `${path}.name`),
    ...optionalField('description', optionalString(tool, 'description', `${path}.description`)),
    ...optionalField('schema', optionalObject(tool, 'input_schema', `${path}.input_schema`)),
    ...(tool.strict === true ? { strict: true } : {}),
    ...decodeCacheMark(tool),
  };
}

/** What a request says of the choice of tools. */
export interface DecodedChoice {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

/** Decodes `tool_choice`. Throws `invalid-request` for a type that the dialect does not have. */
export function decodeToolChoice(body: JsonObject): DecodedChoice {
  const choice = optionalObject(body, 'tool_choice');
  if (choice === undefined) return {};
  return {
    toolChoice: decodeMode(choice),
    ...(choice.disable_parallel_tool_use === true ? { parallelToolCalls: false } : {}),
  };
}

function decodeMode(choice: JsonObject): ToolChoice {
  switch (choice.type) {
    case 'any':
      return { mode: 'required' };
    case 'none':
      return { mode: 'none' };
    case 'tool':
      return { mode: 'named', name: requiredString(choice, 'name', 'tool_choice.name') };
    case 'auto':
      return { mode: 'auto' };
    default:
      throw wrongField('tool_choice.type', "'auto', 'any', 'tool' or 'none'");
  }
}

/** A list of tools as the wire has it. */
export interface EncodedTools {
  readonly tools: readonly JsonObject[];
  readonly losses: readonly Loss[];
}

/** Encodes tools. `strict`: whether the server can hold a model to a schema; it is never turned on by us. */
export function encodeTools(tools: readonly Tool[], strict: boolean): EncodedTools {
  const losses: Loss[] = [];
  const encoded = tools.map((tool) => {
    if (tool.kind === 'opaque') return encodeOpaque(tool);
    const wanted: FunctionTool = tool.kind === 'function' ? tool : { ...tool, kind: 'function', schema: CUSTOM_SCHEMA };
    return encodeFunction(wanted, strict, losses);
  });
  return { tools: encoded, losses };
}

const CUSTOM_SCHEMA: JsonObject = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };

function encodeFunction(tool: FunctionTool, strict: boolean, losses: Loss[]): JsonObject {
  const { schema, losses: schemaLosses } = toolSchema(tool.schema);
  losses.push(...schemaLosses);
  const isStrict = tool.strict === true && strict && isStrictSchema(schema);
  if (tool.strict === true && !isStrict) {
    losses.push(approximated('strict', 'The target cannot hold the model to this schema.'));
  }
  return {
    name: tool.name,
    ...optionalField('description', tool.description === '' ? undefined : tool.description),
    input_schema: schema,
    ...(isStrict ? { strict: true } : {}),
    ...encodeCacheMark(tool.cache),
  };
}

/** A special tool of the dialect goes back as it came, but for empty fields: two empty lists of domains exclude each other. */
function encodeOpaque(tool: OpaqueTool): JsonObject {
  const kept = Object.entries(tool.raw).filter(([key, value]) => {
    if (value === null || key === 'defer_loading') return false;
    return !(Array.isArray(value) && value.length === 0 && key.endsWith('_domains'));
  });
  return Object.fromEntries(kept);
}

/** What a target lets a request say of the choice. */
export interface ChoiceLimits {
  /** False: a call cannot be forced now, whether by the model's nature or because it thinks. */
  readonly forced: boolean;
  /** True: the server knows `auto` alone. */
  readonly autoOnly: boolean;
}

/** The tools and the choice among them, which depend on each other. */
export interface ChosenTools {
  readonly tools: readonly Tool[];
  readonly choice?: WireToolChoice;
  readonly losses: readonly Loss[];
}

/** Encodes the choice of tools; where it cannot be said, the list of tools is cut to those that may be used. */
export function encodeChoice(request: CanonicalRequest, limits: ChoiceLimits): ChosenTools {
  if (request.tools.length === 0) return { tools: [], losses: [] };
  if (limits.autoOnly && request.toolChoice?.mode === 'none') return { tools: [], losses: [] };
  const losses: Loss[] = [];
  const tools = chooseTools(request, limits, losses);
  const wanted = wantedChoice(request.toolChoice);
  const isForced = wanted?.type === 'any' || wanted?.type === 'tool';
  const isRefused = limits.autoOnly ? wanted !== undefined && wanted.type !== 'auto' : isForced && !limits.forced;
  if (isRefused) losses.push(approximated('tool_choice', 'The model cannot be forced to call a tool; it may choose.'));
  const choice: WireToolChoice | undefined = isRefused ? { type: 'auto' } : wanted;
  if (request.parallelToolCalls !== false || choice?.type === 'none' || limits.autoOnly) {
    return { tools, ...optionalField('choice', choice), losses };
  }
  return { tools, choice: { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true }, losses };
}

function chooseTools(request: CanonicalRequest, limits: ChoiceLimits, losses: Loss[]): readonly Tool[] {
  const { tools, toolChoice } = request;
  if (toolChoice?.mode === 'allowed') {
    const allowed = tools.filter((tool) => tool.name !== undefined && toolChoice.names.includes(nameOf(tool)));
    if (allowed.length === 0 || allowed.length === tools.length) return tools;
    losses.push(approximated('cache', 'Only the allowed tools are sent, which begins another cached prefix.'));
    return allowed;
  }
  if (toolChoice?.mode === 'named' && limits.autoOnly) {
    const named = tools.filter((tool) => tool.name === toolChoice.name);
    return named.length > 0 ? named : tools;
  }
  return tools;
}

function nameOf(tool: Tool): string {
  if (tool.kind === 'opaque' || tool.namespace === undefined) return tool.name ?? '';
  return `${tool.namespace}__${tool.name}`;
}

function wantedChoice(choice: ToolChoice | undefined): WireToolChoice | undefined {
  if (choice === undefined) return undefined;
  switch (choice.mode) {
    case 'auto':
    case 'validated':
      return { type: 'auto' };
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any' };
    case 'named':
      return { type: 'tool', name: choice.name };
    case 'allowed':
      return { type: choice.must ? 'any' : 'auto' };
    default:
      return choice satisfies never;
  }
}
