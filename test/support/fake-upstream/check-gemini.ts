import { asArray, asObject, asObjects, isObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { checkContents } from './check-gemini-contents.ts';
import { refuse } from './refusal.ts';
import type { VendorCall } from './vendor.ts';

/** https://ai.google.dev/api/generate-content#request-body */
const FIELDS = new Set([
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'safetySettings',
  'cachedContent',
  'model',
  'store',
  'serviceTier',
  'continuationToken',
]);
/** https://ai.google.dev/api/generate-content#generationconfig */
const CONFIG_FIELDS = new Set([
  'stopSequences',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'responseModalities',
  'candidateCount',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseLogprobs',
  'logprobs',
  'enableEnhancedCivicAnswers',
  'speechConfig',
  'thinkingConfig',
  'imageConfig',
  'mediaResolution',
]);
/** https://ai.google.dev/api/caching#Schema */
const SCHEMA_FIELDS = new Set([
  'type',
  'format',
  'title',
  'description',
  'nullable',
  'enum',
  'maxItems',
  'minItems',
  'properties',
  'required',
  'minProperties',
  'maxProperties',
  'minLength',
  'maxLength',
  'pattern',
  'example',
  'anyOf',
  'propertyOrdering',
  'default',
  'items',
  'minimum',
  'maximum',
]);
const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;

/** Refuses what Gemini's service refuses. */
export function checkGenerate(call: VendorCall): void {
  const { body } = call;
  checkFields(body, FIELDS, '');
  checkSystem(body);
  checkConfig(call);
  checkTools(body);
  checkContents(call);
}

/** Refuses a count request that the service refuses. */
export function checkCountTokens(call: VendorCall): void {
  const { body } = call;
  checkFields(body, new Set(['contents', 'generateContentRequest']), '');
  const inner = asObject(body.generateContentRequest);
  if (inner === undefined && asArray(body.contents).length === 0)
    refuse('* CountTokensRequest.contents: contents is not specified');
  if (inner !== undefined && inner.model === undefined)
    refuse('* CountTokensRequest.generate_content_request.model: unexpected model name format');
}

/** Proto fields come in camel case or in snake case. */
function checkFields(object: JsonObject, known: ReadonlySet<string>, place: string): void {
  for (const field of Object.keys(object)) {
    if (known.has(camel(field))) continue;
    const where = place === '' ? '' : ` at '${place}'`;
    refuse(`Invalid JSON payload received. Unknown name "${field}"${where}: Cannot find field.`);
  }
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function pick(object: JsonObject | undefined, name: string): Json | undefined {
  return object?.[name] ?? object?.[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

function checkSystem(body: JsonObject): void {
  for (const [at, part] of asObjects(asObject(pick(body, 'systemInstruction'))?.parts).entries()) {
    if (typeof part.text === 'string') continue;
    refuse(`* GenerateContentRequest.system_instruction.parts[${at}]: only text is supported.`);
  }
}

function checkConfig({ body, model }: VendorCall): void {
  const config = asObject(pick(body, 'generationConfig'));
  if (config === undefined) return;
  checkFields(config, CONFIG_FIELDS, 'generation_config');
  const { temperature } = config;
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 2)) {
    refuse(`* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].`);
  }
  if (asArray(pick(config, 'stopSequences')).length > 5) {
    refuse('* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences are allowed.');
  }
  const [schema, jsonSchema] = [pick(config, 'responseSchema'), pick(config, 'responseJsonSchema')];
  if (schema !== undefined && jsonSchema !== undefined)
    refuse('responseSchema and responseJsonSchema cannot both be set.');
  if (schema !== undefined) checkSchema(schema, 'generation_config.response_schema');
  const mime = pick(config, 'responseMimeType');
  if ((schema ?? jsonSchema) !== undefined && mime !== 'application/json' && mime !== 'text/x.enum') {
    refuse('Response schema is only supported with response mime type application/json or text/x.enum.');
  }
  checkThinking(asObject(pick(config, 'thinkingConfig')));
  if (mime === 'application/json' && asArray(body.tools).length > 0 && !/gemini-[3-9]/.test(model)) {
    refuse("Function calling with a response mime type: 'application/json' is unsupported");
  }
}

function checkThinking(thinking: JsonObject | undefined): void {
  if (thinking === undefined) return;
  const [budget, level] = [pick(thinking, 'thinkingBudget'), pick(thinking, 'thinkingLevel')];
  if (budget !== undefined && level !== undefined)
    refuse('You can only set one of thinking budget and thinking level.');
}

function checkTools(body: JsonObject): void {
  for (const [at, tool] of asObjects(body.tools).entries()) {
    const place = `tools[${at}].function_declarations`;
    for (const [index, declaration] of asObjects(pick(tool, 'functionDeclarations')).entries()) {
      checkDeclaration(declaration, `${place}[${index}]`);
    }
  }
  const calling = asObject(pick(asObject(pick(body, 'toolConfig')), 'functionCallingConfig'));
  const mode = calling?.mode;
  if (mode !== undefined && !['AUTO', 'ANY', 'NONE', 'VALIDATED'].includes(String(mode))) {
    refuse(`Invalid value at 'tool_config.function_calling_config.mode', "${mode}"`);
  }
  if (asArray(pick(calling, 'allowedFunctionNames')).length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    refuse(
      'Function calling config is set without function_calling_config.mode ANY: allowed_function_names should only be set when mode is ANY.',
    );
  }
}

function checkDeclaration(declaration: JsonObject, place: string): void {
  if (!FUNCTION_NAME.test(String(declaration.name))) {
    refuse(`Invalid function name at '${place}.name'. Must start with a letter or an underscore.`);
  }
  const [schema, jsonSchema] = [pick(declaration, 'parameters'), pick(declaration, 'parametersJsonSchema')];
  if (schema !== undefined && jsonSchema !== undefined) {
    refuse(`${place}: parameters and parameters_json_schema are mutually exclusive.`);
  }
  if (schema !== undefined) checkSchema(schema, `${place}.parameters`);
}

/** The proto form of a schema knows a part of JSON Schema only, and types by name. */
function checkSchema(schema: Json, place: string): void {
  if (!isObject(schema))
    refuse(`Invalid value at '${place}' (type.googleapis.com/google.ai.generativelanguage.v1beta.Schema)`);
  checkFields(schema, SCHEMA_FIELDS, place);
  if (schema.type !== undefined && typeof schema.type !== 'string')
    refuse(`Proto field is not repeating, cannot start list at '${place}.type'.`);
  for (const value of asArray(schema.enum)) {
    if (typeof value !== 'string')
      refuse(`Invalid value at '${place}.enum[0]' (TYPE_STRING), ${JSON.stringify(value)}`);
    if (value === '') refuse(`* GenerateContentRequest.${place}.enum[0]: cannot be empty`);
  }
  for (const name of asArray(schema.required)) {
    if (asObject(schema.properties)?.[String(name)] === undefined)
      refuse(`* GenerateContentRequest.${place}.required[0]: property is not defined`);
  }
  for (const [name, inner] of Object.entries(asObject(schema.properties) ?? {}))
    checkSchema(inner ?? null, `${place}.properties[${name}]`);
  if (schema.items !== undefined) checkSchema(schema.items, `${place}.items`);
  for (const [at, inner] of asArray(schema.anyOf).entries()) checkSchema(inner, `${place}.any_of[${at}]`);
}
