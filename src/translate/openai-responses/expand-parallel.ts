import { asObject, asObjects, asString, tryParseJson } from '../../base/json.ts';
import type { AssistantPart, ToolCallPart } from '../canonical/request.ts';
import type { AnswerContext } from '../dialect.ts';

/** Names under which OpenAI's models wrap several calls into one, though no request declares such a tool. */
const WRAPPERS: ReadonlySet<string> = new Set(['parallel', 'multi_tool_use.parallel', 'multi_tool_use_parallel']);

/** Whether a call of this name is a wrapper round other calls. */
export function isWrapper(name: string | undefined, context: AnswerContext): boolean {
  if (name === undefined || !WRAPPERS.has(name)) return false;
  return !context.request.tools.some((tool) => tool.kind !== 'opaque' && tool.name === name);
}

/** The calls inside a wrapper; any other part alone. A wrapper nobody can read stays what it is. */
export function expandParallel(part: AssistantPart, context: AnswerContext): readonly AssistantPart[] {
  if (part.type !== 'tool-call' || !isWrapper(part.name, context)) return [part];
  const uses = asObjects(asObject(tryParseJson(part.arguments))?.tool_uses);
  const calls = uses.map((use, at): ToolCallPart | undefined => {
    const name = asString(use.recipient_name)?.replace(/^functions\./, '');
    if (name === undefined) return undefined;
    const text = JSON.stringify(asObject(use.parameters) ?? {});
    return { type: 'tool-call', callId: `${part.callId}_${at}`, kind: 'function', name, arguments: text };
  });
  const found = calls.filter((call) => call !== undefined);
  return found.length === 0 ? [part] : found;
}
