import { mintId } from '../../base/id.ts';

/** Where a part stands in a request. */
export interface Place {
  readonly turn: number;
  readonly part: number;
}

/** Gives every call and result of a history its id. */
export interface CallIds {
  ofCall(place: Place, name: string, id: string | undefined): string;
  ofResult(place: Place, name: string, id: string | undefined): string;
}

interface OpenCall {
  readonly callId: string;
  readonly name: string;
  readonly minted: boolean;
}

interface State {
  /** Calls of the last model turn that have no result yet. */
  open: OpenCall[];
  readonly known: Set<string>;
  answering: boolean;
}

/**
 * Ids of one request. An id that the client gives is kept. A call without one gets an id that depends on its place and name
 * alone, so that the next turn, which repeats the history, has the same; a result without one answers the first open call of
 * its name in the model turn before.
 */
export function createCallIds(): CallIds {
  const state: State = { open: [], known: new Set(), answering: false };
  return {
    ofCall: (place, name, id) => {
      if (state.answering) state.open = [];
      state.answering = false;
      const callId = id || mint(place, name);
      state.open.push({ callId, name, minted: !id });
      state.known.add(callId);
      return callId;
    },
    ofResult: (place, name, id) => {
      state.answering = true;
      if (id && state.known.has(id)) {
        takeOpen(state, (call) => call.callId === id);
        return id;
      }
      // a client that names results but not calls has named them itself
      const answered = takeOpen(state, (call) => call.name === name && (!id || call.minted));
      return answered?.callId ?? (id || mint(place, `result of ${name}`));
    },
  };
}

function takeOpen(state: State, matches: (call: OpenCall) => boolean): OpenCall | undefined {
  const at = state.open.findIndex(matches);
  return at < 0 ? undefined : state.open.splice(at, 1)[0];
}

function mint(place: Place, name: string): string {
  return mintId('call_', `${place.turn}:${place.part}:${name}`, 24);
}
