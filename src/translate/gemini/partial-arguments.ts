import { asString, isNumber, isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';

type Step = string | number;
type Container = JsonDraft | Json[];

/** Arguments of a call that come piece by piece, each with the path it belongs to. */
export interface PartialArguments {
  /** Takes one element of `partialArgs`; answers the JSON text that follows what was answered before. What cannot be placed is left out. */
  add(piece: JsonObject): string;
  /** The rest of the text: everything that is open is closed. */
  close(): string;
}

/** An object or a list whose text has begun and not ended. */
interface OpenContainer {
  readonly step: Step;
  readonly isList: boolean;
  /** Members written so far. */
  count: number;
}

interface Writer {
  /** All of the arguments so far. */
  readonly root: JsonDraft;
  /** From the root inwards. */
  readonly open: OpenContainer[];
  /** Paths of values and of containers whose text has ended: nothing can be added to it. */
  readonly ended: Set<string>;
  /** The path of the text that may go on. */
  openText: string | undefined;
  /** Outermost members to which something was added after their text had ended. */
  readonly late: Set<string>;
  hasBegun: boolean;
}

/**
 * Makes an empty set of arguments, which are written as they come. A path may come back to what others have left: then its
 * outermost member is written once more at the end, as a whole, and readers take the last of two members with one name.
 */
export function createPartialArguments(): PartialArguments {
  const writer: Writer = {
    root: newObject(),
    open: [{ step: '$', isList: false, count: 0 }],
    ended: new Set(),
    openText: undefined,
    late: new Set(),
    hasBegun: false,
  };
  return {
    add: (piece) => addPiece(writer, piece),
    close: () => closeAll(writer),
  };
}

function begin(writer: Writer): string {
  if (writer.hasBegun) return '';
  writer.hasBegun = true;
  return '{';
}

function addPiece(writer: Writer, piece: JsonObject): string {
  const steps = readPath(asString(piece.jsonPath) ?? '');
  const value = readValue(piece);
  if (value === undefined || !place(writer.root, steps, value)) return '';
  const path = pathOf(steps, steps.length);
  const goesOn = typeof value === 'string' && piece.willContinue === true;
  if (typeof value === 'string' && writer.openText === path) {
    if (!goesOn) endText(writer);
    return JSON.stringify(value).slice(1, goesOn ? -1 : undefined);
  }
  return writeNew(writer, steps, path, value, goesOn);
}

function writeNew(writer: Writer, steps: readonly Step[], path: string, value: Json, goesOn: boolean): string {
  const head = begin(writer) + closeText(writer);
  const member = String(steps[0]);
  if (writer.late.has(member)) return head;
  let level = 0;
  while (level < steps.length - 1 && writer.open[level + 1]?.step === steps[level]) level++;
  const first = writer.open[level]!;
  const isOutOfOrder = first.isList && steps[level] !== first.count;
  if (writer.ended.has(pathOf(steps, level + 1)) || isOutOfOrder) {
    writer.late.add(member);
    return head;
  }
  let text = head + closeTo(writer, level);
  for (let at = level; at < steps.length - 1; at++) {
    const isList = typeof steps[at + 1] === 'number';
    text += openMember(writer, steps[at]!) + (isList ? '[' : '{');
    writer.open.push({ step: steps[at]!, isList, count: 0 });
  }
  text += openMember(writer, steps.at(-1)!);
  if (!goesOn) {
    writer.ended.add(path);
    return text + JSON.stringify(value);
  }
  writer.openText = path;
  return text + JSON.stringify(value).slice(0, -1);
}

function openMember({ open }: Writer, step: Step): string {
  const container = open.at(-1)!;
  const comma = container.count++ > 0 ? ',' : '';
  return container.isList ? comma : `${comma}${JSON.stringify(step)}:`;
}

function endText(writer: Writer): void {
  if (writer.openText !== undefined) writer.ended.add(writer.openText);
  writer.openText = undefined;
}

function closeText(writer: Writer): string {
  if (writer.openText === undefined) return '';
  endText(writer);
  return '"';
}

/** Ends what is open deeper than `level`. */
function closeTo(writer: Writer, level: number): string {
  let text = '';
  while (writer.open.length > level + 1) {
    const steps = writer.open.slice(1).map(({ step }) => step);
    writer.ended.add(pathOf(steps, steps.length));
    text += writer.open.pop()!.isList ? ']' : '}';
  }
  return text;
}

function closeAll(writer: Writer): string {
  let text = begin(writer) + closeText(writer) + closeTo(writer, 0);
  for (const member of writer.late) text += openMember(writer, member) + JSON.stringify(writer.root[member]);
  return `${text}}`;
}

function pathOf(steps: readonly Step[], length: number): string {
  return JSON.stringify(steps.slice(0, length));
}

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
function newObject(): JsonDraft {
  return Object.create(null) as JsonDraft;
}

/** Puts a value where its path leads, a text behind the text that is there; false where there is no such place. */
function place(root: JsonDraft, path: readonly Step[], value: Json): boolean {
  const last = path.at(-1);
  if (last === undefined) return false;
  let container: Container | undefined = root;
  path.slice(0, -1).forEach((step, index) => {
    container = container && enter(container, step, path[index + 1]!);
  });
  if (container === undefined) return false;
  const earlier = get(container, last);
  return set(container, last, typeof earlier === 'string' && typeof value === 'string' ? earlier + value : value);
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
  if (isNumber(piece.numberValue)) return piece.numberValue;
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
