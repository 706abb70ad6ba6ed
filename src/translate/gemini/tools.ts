import { invalidRequest } from '../../base/gateway-error.ts';
import { isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, FunctionTool, OpaqueTool, Tool, ToolChoice } from '../canonical/request.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { forGeminiJson, forGeminiSubset } from '../schema/for-gemini.ts';
import { fromGeminiSchema } from '../schema/from-gemini.ts';
import { TOOL_WORDS } from '../server-tool-fields.ts';
import { asList, expectObject, expectString, expectStrings, requireString } from './expect-type.ts';
import type { Target } from './generation-config.ts';
import { readWish } from './server-tools.ts';
import type { WireFunctionCallingConfig, WireFunctionDeclaration } from './wire.ts';

/** The tools of a request; each built-in tool by itself. Throws `invalid-request` naming the field that is wrong. */
export function readTools(tools: Json | undefined): readonly Tool[] {
  return asList(tools).flatMap((tool, index) => {
    const param = `tools[${index}]`;
    if (!isObject(tool)) throw invalidRequest(`\`${param}\` must be an object.`, param);
    return Object.entries(tool).flatMap(([key, value]): readonly Tool[] => {
      if (value === undefined || value === null) return [];
      if (key !== 'functionDeclarations') return [readBuiltIn(key, value)];
      return asList(value).map((item, at) => readDeclaration(item, `${param}.functionDeclarations[${at}]`));
    });
  });
}

function readBuiltIn(type: string, value: Json): OpaqueTool {
  const wish = readWish(type, value);
  return { kind: 'opaque', dialect: 'gemini', type, raw: { [type]: value }, ...(wish === undefined ? {} : { wish }) };
}

function readDeclaration(value: Json, param: string): FunctionTool {
  if (!isObject(value)) throw invalidRequest(`\`${param}\` must be an object.`, param);
  const description = expectString(value.description, `${param}.description`);
  const schema = value.parametersJsonSchema ?? value.parameters ?? undefined;
  return {
    kind: 'function',
    name: requireString(value.name, `${param}.name`),
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema: fromGeminiSchema(schema) }),
  };
}

/** Which functions the model may call, of `toolConfig`. */
export function readToolChoice(toolConfig: JsonObject | undefined): ToolChoice | undefined {
  const param = 'toolConfig.functionCallingConfig';
  const config = expectObject(toolConfig?.functionCallingConfig, param);
  if (config === undefined) return undefined;
  const names = expectStrings(config.allowedFunctionNames, `${param}.allowedFunctionNames`);
  switch (expectString(config.mode, `${param}.mode`)?.toUpperCase()) {
    case 'NONE':
      return { mode: 'none' };
    case 'ANY':
      if (names.length === 1) return { mode: 'named', name: names[0]! };
      return names.length === 0 ? { mode: 'required' } : { mode: 'allowed', names, must: true };
    case 'VALIDATED':
      return names.length === 0 ? { mode: 'validated' } : { mode: 'allowed', names, must: false };
    case 'AUTO':
      return { mode: 'auto' };
    default:
      return undefined;
  }
}

/** `tools` and `toolConfig` of a request; both absent when there is no tool. */
export function writeTools(request: CanonicalRequest, target: Target, losses: Loss[]): JsonDraft {
  const functions = request.tools.filter((tool) => tool.kind === 'function');
  const builtIns = keepBuiltIns(request, functions.length > 0, target, losses);
  const body: JsonDraft = {};
  const tools: JsonObject[] = builtIns.map((tool) => tool.raw);
  if (functions.length > 0) {
    tools.unshift({ functionDeclarations: functions.map((tool) => writeDeclaration(tool, target, losses)) });
  }
  if (tools.length > 0) body.tools = tools;
  if (functions.length === 0) {
    if (tools.length > 0 && isForced(request.toolChoice)) losses.push(NOT_FORCED);
    return body;
  }
  const isMixed = builtIns.length > 0;
  const choice = choiceAmong(request, losses);
  const calling = writeToolChoice(choice, isMixed, target, losses);
  // a model that is free to call seldom calls twice where it is not asked to
  if (request.parallelToolCalls === false && isForced(choice)) {
    losses.push(dropped('parallel_tool_calls', 'Gemini cannot be held to one call.'));
  }
  if (calling === undefined && !isMixed) return body;
  body.toolConfig = {
    ...(calling === undefined ? {} : { functionCallingConfig: calling }),
    ...(isMixed ? { includeServerSideToolInvocations: true } : {}),
  };
  return body;
}

const NOT_FORCED = approximated('tool_choice', 'The model cannot be forced to use a built-in tool; it may choose.');

/** A choice of a built-in tool is none: only functions are chosen by name. */
function choiceAmong({ toolChoice, tools }: CanonicalRequest, losses: Loss[]): ToolChoice | undefined {
  if (toolChoice?.mode !== 'named') return toolChoice;
  const isBuiltIn = tools.some((tool) => tool.kind === 'opaque' && (tool.name ?? tool.type) === toolChoice.name);
  if (isBuiltIn) losses.push(NOT_FORCED);
  return isBuiltIn ? undefined : toolChoice;
}

function isForced(choice: ToolChoice | undefined): boolean {
  return choice?.mode === 'required' || choice?.mode === 'named' || (choice?.mode === 'allowed' && choice.must);
}

function keepBuiltIns(request: CanonicalRequest, hasFunctions: boolean, target: Target, losses: Loss[]): OpaqueTool[] {
  const builtIns = request.tools.filter((tool) => tool.kind === 'opaque');
  if (!hasFunctions || target.model.mixedTools) return builtIns;
  for (const tool of builtIns) {
    const word = tool.wish === undefined ? tool.type : TOOL_WORDS[tool.wish.kind];
    losses.push(dropped(`tool=${word}`, 'The model takes no built-in tools beside functions.'));
  }
  return [];
}

function writeDeclaration(tool: FunctionTool, target: Target, losses: Loss[]): WireFunctionDeclaration {
  const draft: { -readonly [K in keyof WireFunctionDeclaration]: WireFunctionDeclaration[K] } = { name: tool.name };
  if (tool.description !== undefined) draft.description = tool.description;
  if (tool.strict === true) losses.push(approximated('strict', 'The target cannot hold the model to a schema.'));
  if (tool.schema === undefined) return draft;
  if (target.jsonSchema) {
    const converted = forGeminiJson(tool.schema, 'arguments');
    losses.push(...converted.losses);
    draft.parametersJsonSchema = converted.schema;
    return draft;
  }
  const converted = forGeminiSubset(tool.schema, 'arguments');
  losses.push(...converted.losses);
  // an object without properties is refused here
  if (converted.schema.properties !== undefined) draft.parameters = converted.schema;
  return draft;
}

function writeToolChoice(
  choice: ToolChoice | undefined,
  isMixed: boolean,
  target: Target,
  losses: Loss[],
): WireFunctionCallingConfig | undefined {
  if (choice === undefined) return isMixed ? { mode: 'VALIDATED' } : undefined;
  if (choice.mode !== 'auto' && target.server.quirks.toolChoice === 'auto-only') {
    losses.push(approximated('tool_choice', 'The upstream lets the model choose.'));
    return undefined;
  }
  switch (choice.mode) {
    case 'auto':
      // functions beside built-in tools are taken in this mode only
      return { mode: isMixed ? 'VALIDATED' : 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'validated':
      return { mode: 'VALIDATED' };
    case 'named':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] };
    case 'allowed':
      return { mode: choice.must ? 'ANY' : 'VALIDATED', allowedFunctionNames: choice.names };
    default:
      return choice satisfies never;
  }
}
