import { GatewayError } from '../../base/gateway-error.ts';
import { mergeUsage, type Usage } from '../../base/usage.ts';
import type { Loss } from '../loss.ts';
import type { CanonicalEvent } from './event.ts';
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from './request.ts';
import type { CanonicalResponse, Finish } from './response.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Gathers a lawful stream of events into the whole answer it tells. */
export interface Collector {
  push(event: CanonicalEvent): void;
  /** The answer. Throws the error that ended the stream, or `upstream-malformed` when nothing did. */
  response(): CanonicalResponse;
}

/** Makes a collector for one answer. */
export function createCollector(): Collector {
  const parts: AssistantPart[] = [];
  const losses: Loss[] = [];
  let start: { messageId?: string; model?: string } = {};
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  let error: GatewayError | undefined;
  let open: Draft<TextPart> | Draft<ReasoningPart> | Draft<ToolCallPart> | undefined;

  const push = (event: CanonicalEvent) => {
    switch (event.type) {
      case 'message-start':
        usage = mergeUsage(usage, event.usage);
        start = {
          ...(event.messageId === undefined ? {} : { messageId: event.messageId }),
          ...(event.model === undefined ? {} : { model: event.model }),
        };
        return;
      case 'text-start':
      case 'reasoning-start':
      case 'tool-call-start':
        open = openPart(event);
        parts.push(open);
        return;
      case 'text-delta':
      case 'reasoning-delta':
        if (open !== undefined && open.type !== 'tool-call') open.text += event.text;
        return;
      case 'tool-call-delta':
        if (open?.type === 'tool-call') open.arguments += event.text;
        return;
      case 'text-end':
      case 'reasoning-end':
        if (open !== undefined && event.seal !== undefined) open.seal = event.seal;
        return;
      case 'tool-call-end':
        return;
      case 'media':
      case 'opaque':
        parts.push(event.part);
        return;
      case 'loss':
        losses.push(event.loss);
        return;
      case 'message-end':
        usage = mergeUsage(usage, event.usage);
        finish = event.finish;
        return;
      case 'stream-error':
        error = event.error;
        return;
      default:
        event satisfies never;
    }
  };
  const response = (): CanonicalResponse => {
    if (error !== undefined) throw error;
    if (finish === undefined) throw new GatewayError('upstream-malformed', 'The upstream gave no complete answer.');
    return { ...start, parts, finish, ...(usage === undefined ? {} : { usage }), losses };
  };
  return { push, response };
}

function openPart(event: CanonicalEvent & { type: 'text-start' | 'reasoning-start' | 'tool-call-start' }) {
  switch (event.type) {
    case 'text-start': {
      const part: Draft<TextPart> = { type: 'text', text: '' };
      if (event.refusal) part.refusal = true;
      return part;
    }
    case 'reasoning-start': {
      const part: Draft<ReasoningPart> = { type: 'reasoning', text: '' };
      return part;
    }
    case 'tool-call-start': {
      const { callId, kind, name, namespace, seal } = event;
      const part: Draft<ToolCallPart> = { type: 'tool-call', callId, kind, name, arguments: '' };
      if (namespace !== undefined) part.namespace = namespace;
      if (seal !== undefined) part.seal = seal;
      return part;
    }
  }
}

/** The whole answer that a list of events tells. */
export function collect(events: Iterable<CanonicalEvent>): CanonicalResponse {
  const collector = createCollector();
  for (const event of events) collector.push(event);
  return collector.response();
}
