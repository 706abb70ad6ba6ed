import type { CanonicalRequest, FunctionTool, ToolCallPart } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

/**
 * Defines the tools that a history calls when the request defines none, for targets that refuse calls of unknown tools. The
 * model may not call them, since the client does not expect it.
 */
export function addStubTools(request: CanonicalRequest, rules: OrderRules): CanonicalRequest {
  if (!rules.stubTools || request.tools.length > 0) return request;
  const calls = request.messages.flatMap((message): readonly ToolCallPart[] =>
    message.role === 'assistant' ? message.parts.filter((part) => part.type === 'tool-call') : [],
  );
  if (calls.length === 0) return request;
  const tools = [...new Set(calls.map((call) => call.name))].map(
    (name): FunctionTool => ({ kind: 'function', name, schema: { type: 'object', properties: {} } }),
  );
  return { ...request, tools, toolChoice: { mode: 'none' } };
}
