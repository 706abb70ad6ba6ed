import type { JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, FunctionTool, OutputFormat } from '../canonical/request.ts';
import { approximated, type Loss } from '../loss.ts';
import type { ClaudeModel } from '../models/claude.ts';
import { outputSchema } from '../schema/for-anthropic.ts';
import type { Quirks } from '../target.ts';
import { wantsThinking } from './reasoning.ts';

/** The tool by which models without output formats answer in JSON. */
const HIDDEN_TOOL = 'json_output';

/** A request changed so that its answer has the wanted form. */
export interface PlannedOutput {
  readonly request: CanonicalRequest;
  /** `output_config.format`, where the model knows it. */
  readonly format?: JsonObject;
  readonly losses: readonly Loss[];
}

/**
 * Plans how the wanted form of the answer is reached: by the model's own output format, by a tool that it has to call and whose
 * input is the answer, or by asking for it.
 * https://docs.claude.com/en/docs/build-with-claude/structured-outputs
 */
export function planOutput(request: CanonicalRequest, traits: ClaudeModel, quirks: Quirks): PlannedOutput {
  const { output } = request;
  if (output === undefined) return { request, losses: [] };
  const schema = schemaOf(output);
  if (schema === undefined) return promptFor(request, 'Answer with one JSON object and nothing else.');
  if (traits.outputFormat) {
    const { schema: converted, losses } = outputSchema(schema);
    return { request, format: { type: 'json_schema', schema: converted }, losses };
  }
  if (canHideTool(request, traits, quirks)) return hideTool(request, schema);
  if (output.kind === 'choice') {
    return promptFor(request, `Answer with exactly one of these and nothing else: ${output.values.join(', ')}`);
  }
  const demand = 'Answer with JSON that fits this JSON Schema and nothing else, without Markdown:';
  return promptFor(request, `${demand}\n${JSON.stringify(schema)}`);
}

function schemaOf(output: OutputFormat): JsonObject | undefined {
  switch (output.kind) {
    case 'json':
      return undefined;
    case 'choice':
      return { type: 'string', enum: [...output.values] };
    case 'schema':
      return { ...(output.schema as JsonObject) };
    default:
      return output satisfies never;
  }
}

function promptFor(request: CanonicalRequest, demand: string): PlannedOutput {
  const system = [...request.system, { role: 'system', parts: [{ type: 'text', text: demand }] } as const];
  return {
    request: { ...request, system },
    losses: [approximated('json-prompted', 'The model is asked for JSON; nothing holds it to it.')],
  };
}

/** A forced call is not possible for a model that thinks, and pointless when another call is wanted anyway. */
function canHideTool(request: CanonicalRequest, traits: ClaudeModel, quirks: Quirks): boolean {
  if (quirks.toolChoice === 'auto-only' || request.tools.some((tool) => tool.name === HIDDEN_TOOL)) return false;
  if (traits.thinking !== 'none' && wantsThinking(request.reasoning)) return false;
  return request.toolChoice?.mode !== 'named' && request.toolChoice?.mode !== 'allowed';
}

function hideTool(request: CanonicalRequest, schema: JsonObject): PlannedOutput {
  const { schema: input, losses } = outputSchema(schema);
  const tool: FunctionTool = {
    kind: 'function',
    name: HIDDEN_TOOL,
    description: 'Gives the answer. Call it once, with the whole answer as its input.',
    schema: input,
  };
  const isOnlyChoice = request.tools.length === 0 || request.toolChoice?.mode === 'none';
  return {
    request: {
      ...request,
      tools: [...request.tools, tool],
      toolChoice: isOnlyChoice ? { mode: 'named', name: HIDDEN_TOOL } : { mode: 'required' },
    },
    losses,
  };
}

/** True for a call in an answer that is the answer itself: the tool was ours, not the client's. */
export function isHiddenTool(name: string, request: CanonicalRequest): boolean {
  if (name !== HIDDEN_TOOL || request.output === undefined || request.output.kind === 'json') return false;
  return !request.tools.some((tool) => tool.name === HIDDEN_TOOL);
}
