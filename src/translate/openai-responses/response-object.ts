import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { Finish } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { responseId } from './output-items.ts';
import { REPEATED_FIELDS } from './repeated-fields.ts';
import type { TerminalEvent, WireItemStatus } from './wire.ts';

/** How a response object stands. */
export interface Standing {
  readonly status: WireItemStatus | 'failed';
  readonly error?: { readonly code: string; readonly message: string };
  readonly reason?: 'max_output_tokens' | 'content_filter';
}

/** The end of an answer: its last event, and how its object stands then. */
export interface Ending extends Standing {
  readonly event: TerminalEvent;
}

const COMPLETED: Ending = { event: 'response.completed', status: 'completed' };

/**
 * How an answer ends for its client. Codex repeats a filtered turn three times, and ends without a word on a refusal; the code
 * `invalid_prompt` it shows at once.
 */
export function endingOf(finish: Finish, hasRefusal: boolean, client: string | undefined): Ending {
  switch (finish.reason) {
    case 'length':
      return { event: 'response.incomplete', status: 'incomplete', reason: 'max_output_tokens' };
    case 'content-filter':
      if (hasRefusal) return COMPLETED;
      if (client === 'codex') return blocked(finish.explanation);
      return { event: 'response.incomplete', status: 'incomplete', reason: 'content_filter' };
    case 'stop':
    case 'tool-calls':
    case 'pause':
      return COMPLETED;
    default:
      return finish.reason satisfies never;
  }
}

function blocked(explanation: string | undefined): Ending {
  const message = explanation ?? "The upstream's content filter stopped this answer.";
  return { event: 'response.failed', status: 'failed', error: { code: 'invalid_prompt', message } };
}

/** The first members of a response object, which never change. */
export function identityOf(context: AnswerContext): JsonObject {
  return {
    id: responseId(context),
    object: 'response',
    created_at: Math.floor(context.createdAt / 1000),
    model: context.request.model,
    access_programs: null,
  };
}

/** The members that say how a response object stands. */
export function standingOf(standing: Standing): JsonObject {
  return {
    status: standing.status,
    error: standing.error ?? null,
    incomplete_details: standing.reason === undefined ? null : { reason: standing.reason },
  };
}

/** What a response object says of fields the request left out. */
const DEFAULTS: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  // a response is stored unless its request said otherwise
  store: true,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
};

/** The members that repeat the request. */
export function repeatedOf(context: AnswerContext): JsonObject {
  const asked = context.request.answer.repeated ?? {};
  const entries = REPEATED_FIELDS.map((name): [string, Json | undefined] => {
    const value = name === 'tools' ? toldTools(asked.tools) : asked[name];
    const fallback = DEFAULTS[name];
    const isPartial = name === 'reasoning' || name === 'text';
    return [
      name,
      isPartial ? { ...(fallback as JsonObject), ...(value as JsonObject | undefined) } : (value ?? fallback),
    ];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The client libraries demand both fields of a function, which its request may leave out. */
function toldTools(tools: Json | undefined): Json | undefined {
  if (!Array.isArray(tools)) return undefined;
  return tools.map((tool) =>
    isObject(tool) && tool.type === 'function'
      ? { ...tool, parameters: tool.parameters ?? null, strict: tool.strict ?? null }
      : tool,
  );
}
