import {
  asArray,
  asObject,
  asObjects,
  asString,
  isObject,
  type Json,
  type JsonDraft,
  type JsonObject,
} from '../base/json.ts';
import type { EncodedRequest } from './dialect.ts';
import { approximated, dropped, type Loss } from './loss.ts';
import { forGeminiSubset } from './schema/for-gemini.ts';

/** A client's own body without what its upstream has refused by name (`refused-fields.ts`), and what that cost. */
export function withoutRefused(body: JsonObject, refused: readonly string[]): EncodedRequest {
  const draft: JsonDraft = { ...body };
  const losses: Loss[] = [];
  for (const field of refused) (MEND[field] ?? dropField)(draft, losses, field);
  return { body: draft, losses };
}

type Mend = (draft: JsonDraft, losses: Loss[], field: string) => void;

const MEND: { readonly [field: string]: Mend } = {
  max_tokens: (draft) => rename(draft, 'max_tokens', 'max_completion_tokens'),
  max_completion_tokens: (draft) => rename(draft, 'max_completion_tokens', 'max_tokens'),
  developer: tellAsSystem,
  strict: loosen,
  tool_choice: leaveTheChoice,
  json_schema: tellSchema,
  parametersJsonSchema: convertDeclarations,
  responseJsonSchema: convertOutput,
  thinkingConfig: (draft, losses) => {
    const { thinkingConfig, ...config } = asObject(draft.generationConfig) ?? {};
    if (thinkingConfig === undefined) return;
    draft.generationConfig = config;
    losses.push(dropped('reasoning', REASON));
  },
};

const REASON = 'The upstream has refused it.';

function dropField(draft: JsonDraft, losses: Loss[], field: string): void {
  if (draft[field] === undefined) return;
  delete draft[field];
  losses.push(dropped(field, REASON));
}

function rename(draft: JsonDraft, from: string, to: string): void {
  if (draft[from] === undefined) return;
  draft[to] = draft[to] ?? draft[from];
  delete draft[from];
}

function tellAsSystem(draft: JsonDraft, losses: Loss[]): void {
  const messages = asArray(draft.messages);
  if (!asObjects(draft.messages).some(({ role }) => role === 'developer')) return;
  draft.messages = messages.map((message) =>
    isObject(message) && message.role === 'developer' ? { ...message, role: 'system' } : message,
  );
  losses.push(approximated('developer', 'The upstream does not know the role; it is told as the system.'));
}

function loosen(draft: JsonDraft, losses: Loss[]): void {
  const schema = asObject(asObject(draft.response_format)?.json_schema);
  const tools = asArray(draft.tools).map(withoutStrict);
  const isChanged = schema?.strict !== undefined || tools.some((tool, at) => tool !== asArray(draft.tools)[at]);
  if (!isChanged) return;
  if (draft.tools !== undefined) draft.tools = tools;
  if (schema !== undefined) {
    const { strict: _, ...rest } = schema;
    draft.response_format = { ...asObject(draft.response_format), json_schema: rest };
  }
  losses.push(approximated('strict', 'The upstream does not hold the model to a schema.'));
}

function withoutStrict(tool: Json): Json {
  if (!isObject(tool) || !isObject(tool.function) || tool.function.strict === undefined) return tool;
  const { strict: _, ...definition } = tool.function;
  return { ...tool, function: definition };
}

/** A tool that was named is the only one that is offered; where none was to be called, none is. */
function leaveTheChoice(draft: JsonDraft, losses: Loss[]): void {
  const choice = draft.tool_choice;
  if (choice === undefined) return;
  delete draft.tool_choice;
  if (choice === 'auto') return;
  losses.push(approximated('tool_choice', 'The upstream only lets the model choose.'));
  const named = asString(asObject(asObject(choice)?.function)?.name);
  if (choice === 'none') delete draft.tools;
  if (named !== undefined)
    draft.tools = asObjects(draft.tools).filter((tool) => asObject(tool.function)?.name === named);
}

/** JSON without a schema, which the model is told in words; they stand first, so that they do not move as a conversation grows. */
function tellSchema(draft: JsonDraft, losses: Loss[]): void {
  const definition = asObject(asObject(draft.response_format)?.json_schema);
  if (definition === undefined) return;
  draft.response_format = { type: 'json_object' };
  const words = `Answer with one JSON object that fits this JSON Schema and nothing else:\n${JSON.stringify(definition.schema ?? {})}`;
  const [first, ...rest] = asArray(draft.messages);
  const head = asObject(first);
  const isSystem = head?.role === 'system' && typeof head.content === 'string';
  draft.messages = isSystem
    ? [{ ...head, content: `${head.content as string}\n\n${words}` }, ...rest]
    : [{ role: 'system', content: words }, ...asArray(draft.messages)];
  losses.push(approximated('schema-prompted', 'The upstream refuses output schemas; it is told the schema in words.'));
}

function convertDeclarations(draft: JsonDraft, losses: Loss[]): void {
  if (draft.tools === undefined) return;
  draft.tools = asArray(draft.tools).map((tool) => {
    if (!isObject(tool) || tool.functionDeclarations === undefined) return tool;
    const declarations = asArray(tool.functionDeclarations).map((declaration) => asSubset(declaration, losses));
    return { ...tool, functionDeclarations: declarations };
  });
}

function asSubset(declaration: Json, losses: Loss[]): Json {
  if (!isObject(declaration) || declaration.parametersJsonSchema === undefined) return declaration;
  const { parametersJsonSchema, ...rest } = declaration;
  const converted = forGeminiSubset(parametersJsonSchema, 'arguments');
  losses.push(...converted.losses);
  // an object without properties is refused here
  return converted.schema.properties === undefined ? rest : { ...rest, parameters: converted.schema };
}

function convertOutput(draft: JsonDraft, losses: Loss[]): void {
  const { responseJsonSchema, ...config } = asObject(draft.generationConfig) ?? {};
  if (responseJsonSchema === undefined) return;
  const converted = forGeminiSubset(responseJsonSchema, 'output');
  losses.push(...converted.losses);
  draft.generationConfig = { ...config, responseSchema: converted.schema };
}
