import { GatewayError } from '../../base/gateway-error.ts';
import { mergeUsage, type Usage } from '../../base/usage.ts';
import type { Loss } from '../loss.ts';
import type { CanonicalEvent } from './event.ts';
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from './request.ts';
import type { CanonicalResponse, Finish } from './response.ts';
import type { TokenLogprob } from './token-logprob.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Gathers a lawful stream of events into the whole answer it tells. */
export interface Collector {
  push(event: CanonicalEvent): void;
  /** The answer. Throws the error that ended the stream, or `upstream-malformed` when nothing did. */
  response(): CanonicalResponse;
}

interface State {
  readonly parts: AssistantPart[];
  readonly losses: Loss[];
  start: { messageId?: string; model?: string };
  usage: Usage | undefined;
  finish: Finish | undefined;
  error: GatewayError | undefined;
  open: Draft<TextPart> | Draft<ReasoningPart> | Draft<ToolCallPart> | undefined;
  /** Of the text that comes next. */
  logprobs: readonly TokenLogprob[] | undefined;
}

/** Makes a collector for one answer. */
export function createCollector(): Collector {
  const state: State = {
    parts: [],
    losses: [],
    start: {},
    usage: undefined,
    finish: undefined,
    error: undefined,
    open: undefined,
    logprobs: undefined,
  };
  return { push: (event) => takeEvent(state, event), response: () => responseOf(state) };
}

function responseOf({ error, finish, start, parts, usage, losses }: State): CanonicalResponse {
  if (error !== undefined) throw error;
  if (finish === undefined) throw new GatewayError('upstream-malformed', 'The upstream gave no complete answer.');
  return { ...start, parts, finish, ...(usage === undefined ? {} : { usage }), losses };
}

function takeEvent(state: State, event: CanonicalEvent): void {
  const { open } = state;
  switch (event.type) {
    case 'message-start':
      state.usage = mergeUsage(state.usage, event.usage);
      state.start = {
        ...(event.messageId === undefined ? {} : { messageId: event.messageId }),
        ...(event.model === undefined ? {} : { model: event.model }),
      };
      return;
    case 'text-start':
    case 'reasoning-start':
    case 'tool-call-start':
      state.open = openPart(event);
      state.parts.push(state.open);
      return;
    case 'text-delta':
    case 'reasoning-delta':
      if (open !== undefined && open.type !== 'tool-call') open.text += event.text;
      if (state.logprobs !== undefined && open?.type === 'text') addLogprobs(state, open);
      return;
    case 'logprobs':
      state.logprobs = event.tokens;
      return;
    case 'citation':
      if (open?.type === 'text') open.citations = [...(open.citations ?? []), event.citation];
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
      state.parts.push(event.part);
      return;
    case 'loss':
      state.losses.push(event.loss);
      return;
    case 'message-end':
      state.usage = mergeUsage(state.usage, event.usage);
      state.finish = event.finish;
      return;
    case 'stream-error':
      state.error = event.error;
      return;
    default:
      event satisfies never;
  }
}

function addLogprobs(state: State, text: Draft<TextPart>): void {
  text.logprobs = [...(text.logprobs ?? []), ...(state.logprobs ?? [])];
  state.logprobs = undefined;
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
      if (event.raw) part.raw = true;
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
