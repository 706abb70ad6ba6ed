import type { CanonicalEvent } from './canonical/event.ts';
import { mapSame } from './canonical/map-same.ts';
import type { AssistantPart } from './canonical/request.ts';
import type { CanonicalResponse } from './canonical/response.ts';
import { createInputDecoder, type InputDecoder, unwrapInput } from './custom-input.ts';
import type { Emit, Transducer } from './stream/transducer.ts';
import type { ToolNames } from './tool-names.ts';

/** Gives the calls of a streamed answer their own names, namespaces and kinds back. A call nobody declared passes unchanged. */
export function restoreTools(names: ToolNames): Transducer<CanonicalEvent, CanonicalEvent> {
  return (emit) => {
    const state: State = { names, input: undefined };
    return { push: (event) => restoreEvent(state, event, emit), finish: () => {} };
  };
}

/** The same for a whole answer. */
export function restoreToolsIn(response: CanonicalResponse, names: ToolNames): CanonicalResponse {
  const parts = mapSame(response.parts, (part) => restorePart(part, names));
  return parts === response.parts ? response : { ...response, parts };
}

interface State {
  readonly names: ToolNames;
  /** Set while the arguments of a function are the input of a custom tool. */
  input: InputDecoder | undefined;
}

function restoreEvent(state: State, event: CanonicalEvent, emit: Emit<CanonicalEvent>): void {
  switch (event.type) {
    case 'tool-call-start': {
      const restored = restoreName(event, state.names);
      state.input = restored.kind !== event.kind ? createInputDecoder() : undefined;
      emit(restored);
      return;
    }
    case 'tool-call-delta':
      if (state.input === undefined) emit(event);
      else emitInput(state.input.push(event.text), emit);
      return;
    case 'tool-call-end':
      if (state.input !== undefined) emitInput(state.input.finish(), emit);
      state.input = undefined;
      emit(event);
      return;
    default:
      emit(event);
  }
}

function emitInput(text: string, emit: Emit<CanonicalEvent>): void {
  if (text !== '') emit({ type: 'tool-call-delta', text });
}

function restorePart(part: AssistantPart, names: ToolNames): AssistantPart {
  if (part.type !== 'tool-call') return part;
  const restored = restoreName(part, names);
  return restored.kind === part.kind ? restored : { ...restored, arguments: unwrapInput(part.arguments) };
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
  readonly kind: 'function' | 'custom';
}

function restoreName<T extends Named>(call: T, names: ToolNames): T {
  const tool = names.fromWire(call.name, call.namespace);
  if (tool === undefined) return call;
  const kind = call.kind === 'function' ? tool.kind : call.kind;
  if (tool.name === call.name && tool.namespace === call.namespace && kind === call.kind) return call;
  const { namespace: _wire, ...rest } = call;
  return {
    ...rest,
    name: tool.name,
    kind,
    ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
  } as T;
}
