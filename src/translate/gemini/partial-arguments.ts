import { asString, isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';

type Step = string | number;
type Container = JsonDraft | Json[];

/** Arguments of a call that come piece by piece, each with the path it belongs to. */
export interface PartialArguments {
  /** Takes one element of `partialArgs`. What cannot be placed is left out. */
  add(piece: JsonObject): void;
  /** The arguments so far, as JSON text. */
  text(): string;
}

/**
 * Makes an empty set of arguments. They are put together before they are passed on: a path may come back to an object that
 * other paths have left, which text that is already sent could not follow.
 */
export function createPartialArguments(): PartialArguments {
  const root: JsonDraft = newObject();
  return { add: (piece) => addPiece(root, piece), text: () => JSON.stringify(root) };
}

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
function newObject(): JsonDraft {
  return Object.create(null) as JsonDraft;
}

function addPiece(root: JsonDraft, piece: JsonObject): void {
  const steps = readPath(asString(piece.jsonPath) ?? '');
  const last = steps.pop();
  const value = readValue(piece);
  if (last === undefined || value === undefined) return;
  let container: Container | undefined = root;
  steps.forEach((step, index) => {
    container = container && enter(container, step, steps[index + 1] ?? last);
  });
  if (container === undefined) return;
  const earlier = get(container, last);
  set(container, last, typeof earlier === 'string' && typeof value === 'string' ? earlier + value : value);
}

/** The steps of `$.a.b[0]['c d']`. */
function readPath(path: string): Step[] {
  const steps: Step[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]|([^.[\]$][^.[\]]*)/g)) {
    const quoted = match[2] ?? match[3];
    if (match[1] !== undefined) steps.push(Number(match[1]));
    else steps.push(quoted === undefined ? match[4]! : quoted.replace(/\\(.)/g, '$1'));
  }
  return steps;
}

function readValue(piece: JsonObject): Json | undefined {
  if (typeof piece.stringValue === 'string') return piece.stringValue;
  if (typeof piece.numberValue === 'number') return piece.numberValue;
  if (typeof piece.boolValue === 'boolean') return piece.boolValue;
  return 'nullValue' in piece ? null : undefined;
}

function enter(container: Container, step: Step, next: Step): Container | undefined {
  const inside = get(container, step);
  if (Array.isArray(inside) || isObject(inside)) return inside as Container;
  const created: Container = typeof next === 'number' ? [] : newObject();
  return set(container, step, created) ? created : undefined;
}

function get(container: Container, step: Step): Json | undefined {
  if (Array.isArray(container)) return typeof step === 'number' ? container[step] : undefined;
  return container[step];
}

/** False for a place that does not exist: a list grows only at its end. */
function set(container: Container, step: Step, value: Container | Json): boolean {
  if (!Array.isArray(container)) container[step] = value as Json;
  else if (typeof step === 'number' && step <= container.length) container[step] = value as Json;
  else return false;
  return true;
}
