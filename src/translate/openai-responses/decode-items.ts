import { asObject, asObjects, asString, type Json, type JsonObject } from '../../base/json.ts';
import type {
  AssistantPart,
  Instruction,
  Message,
  TextPart,
  Tool,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import { optionalList, optionalString, requiredObject, requiredString, wrongField } from '../request-fields.ts';
import { readSeal, type Seal } from '../seal.ts';
import { decodeContent, sourceOfUrl, textsOf } from './decode-content.ts';
import { decodeTools } from './decode-tools.ts';
import { readUse } from './server-tools.ts';
import { DIALECT, TOOL_SEARCH, type WireRole } from './wire.ts';

/** What the items of a request come to. */
export interface Conversation {
  readonly system: readonly Instruction[];
  readonly messages: readonly Message[];
  /** Tools that came as an item. */
  readonly tools: readonly Tool[];
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

interface State {
  readonly system: Instruction[];
  readonly messages: Message[];
  readonly tools: Tool[];
  /** The assistant's turn that goes on as long as its items follow each other. */
  turn: (Draft<Message & { role: 'assistant' }> & { parts: AssistantPart[] }) | undefined;
  /** The results in a row. */
  results: ToolResultPart[] | undefined;
  /** A seal that belongs to the call in the next item. */
  callSeal: Seal | undefined;
}

/** Decodes `input` when it is a list of items. */
export function decodeItems(list: readonly Json[]): Conversation {
  const state: State = {
    system: [],
    messages: [],
    tools: [],
    turn: undefined,
    results: undefined,
    callSeal: undefined,
  };
  list.forEach((item, index) => {
    const path = `input[${index}]`;
    decodeItem(state, requiredObject(item, path), path);
  });
  return state;
}

type DecodeItem = (state: State, item: JsonObject, at: string) => void;

const ITEMS: ReadonlyMap<string, DecodeItem> = new Map<string, DecodeItem>([
  ['message', decodeMessage],
  ['reasoning', decodeReasoning],
  ['function_call', (state, item, at) => decodeCall(state, item, at, 'function')],
  ['custom_tool_call', (state, item, at) => decodeCall(state, item, at, 'custom')],
  ['function_call_output', (state, item, at) => decodeResult(state, item, at, 'function')],
  ['custom_tool_call_output', (state, item, at) => decodeResult(state, item, at, 'custom')],
  ['image_generation_call', decodeImage],
  ['additional_tools', decodeAdditionalTools],
  ['tool_search_call', decodeSearch],
  ['tool_search_output', decodeFound],
]);

function decodeItem(state: State, item: JsonObject, at: string): void {
  const type = optionalString(item, 'type', `${at}.type`) ?? typeOfBareItem(item);
  if (type === undefined) throw wrongField(`${at}.type`, 'a string');
  const decode = ITEMS.get(type);
  if (decode === undefined) decodeOpaque(state, item, type);
  else decode(state, item, at);
  if (type !== 'reasoning') state.callSeal = undefined;
}

function typeOfBareItem(item: JsonObject): string | undefined {
  if (item.role !== undefined) return 'message';
  return typeof item.id === 'string' ? 'item_reference' : undefined;
}

type DecodeTurn = (state: State, item: JsonObject, at: string) => void;

const ROLES: Readonly<Record<WireRole, DecodeTurn>> = {
  user: (state, item, at) => addUser(state, decodeContent(item.content, `${at}.content`)),
  assistant: decodeAssistant,
  system: (state, item, at) => addInstruction(state, 'system', textsOf(decodeContent(item.content, `${at}.content`))),
  developer: (state, item, at) =>
    addInstruction(state, 'developer', textsOf(decodeContent(item.content, `${at}.content`))),
};

function decodeMessage(state: State, item: JsonObject, at: string): void {
  const role = requiredString(item, 'role', `${at}.role`);
  if (!Object.hasOwn(ROLES, role)) throw wrongField(`${at}.role`, "'user', 'assistant', 'system' or 'developer'");
  ROLES[role as WireRole](state, item, at);
}

function decodeAssistant(state: State, item: JsonObject, at: string): void {
  const turn = addToTurn(state, ...decodeContent(item.content, `${at}.content`));
  const phase = asString(item.phase);
  if (phase !== undefined) turn.phase = phase;
}

function decodeReasoning(state: State, item: JsonObject): void {
  const sealed = asString(item.encrypted_content);
  const seal = sealed === undefined || sealed === '' ? undefined : sealOf(sealed, asString(item.id));
  if (seal?.attach === 'call') {
    state.callSeal = seal;
    return;
  }
  if (seal?.attach === 'text') {
    sealText(state, seal);
    return;
  }
  const text = textOfReasoning(item);
  addToTurn(state, { type: 'reasoning', text, ...(seal === undefined ? {} : { seal }) });
}

function sealOf(sealed: string, id: string | undefined): Seal {
  const seal = readSeal(sealed, DIALECT);
  return seal.dialect !== DIALECT || id === undefined ? seal : { ...seal, id };
}

/** The words of a reasoning item: its summary, else the thoughts themselves, parts joined by a blank line. */
export function textOfReasoning(item: JsonObject): string {
  const summary = textsIn(item.summary);
  return (summary.length > 0 ? summary : textsIn(item.content)).join('\n\n');
}

function textsIn(parts: Json | undefined): readonly string[] {
  return asObjects(parts)
    .map((part) => asString(part.text) ?? '')
    .filter((text) => text !== '');
}

function sealText(state: State, seal: Seal): void {
  const parts = state.turn?.parts;
  const last = parts?.at(-1);
  if (parts !== undefined && last?.type === 'text') parts[parts.length - 1] = { ...last, seal };
  else addToTurn(state, { type: 'text', text: '', seal });
}

function decodeCall(state: State, item: JsonObject, at: string, kind: ToolCallPart['kind']): void {
  const name = requiredString(item, 'name', `${at}.name`);
  const callId = callIdOf(item, at);
  const namespace = optionalString(item, 'namespace', `${at}.namespace`);
  const input = kind === 'function' ? item.arguments : item.input;
  addToTurn(state, {
    type: 'tool-call',
    callId,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    arguments: textOfArguments(input),
    ...(state.callSeal === undefined ? {} : { seal: state.callSeal }),
  });
}

function callIdOf(item: JsonObject, at: string): string {
  const id = optionalString(item, 'call_id', `${at}.call_id`) ?? asString(item.id);
  if (id === undefined) throw wrongField(`${at}.call_id`, 'a string');
  return id;
}

/** Arguments as text; a server or program that made an object of them is forgiven. */
export function textOfArguments(input: Json | undefined): string {
  if (typeof input === 'string') return input;
  return input === undefined || input === null ? '' : JSON.stringify(input);
}

function decodeResult(state: State, item: JsonObject, at: string, kind: ToolResultPart['kind']): void {
  const callId = callIdOf(item, at);
  const output = item.output;
  const isBareObject = asObject(output) !== undefined && asString(asObject(output)?.type) === undefined;
  const parts = decodeContent(isBareObject ? JSON.stringify(output) : output, `${at}.output`);
  addResult(state, { type: 'tool-result', callId, kind, parts });
}

function addResult(state: State, result: ToolResultPart): void {
  if (state.results !== undefined) state.results.push(result);
  else {
    const results = [result];
    addUser(state, results);
    state.results = results;
  }
}

function decodeImage(state: State, item: JsonObject): void {
  const result = asString(item.result);
  if (result === undefined || result === '') decodeOpaque(state, item, 'image_generation_call');
  else addToTurn(state, { type: 'media', kind: 'image', source: sourceOfImage(item, result) });
}

/** Where the picture of an `image_generation_call` is: almost always base64, in few servers a link. */
export function sourceOfImage(item: JsonObject, result: string) {
  if (/^(https?:|data:)/.test(result)) return sourceOfUrl(result);
  const mimeType = `image/${asString(item.output_format) ?? 'png'}`;
  return { type: 'base64', mimeType, data: result } as const;
}

function decodeSearch(state: State, item: JsonObject, at: string): void {
  if (!isClients(item)) {
    decodeOpaque(state, item, 'tool_search_call');
    return;
  }
  const input = textOfArguments(item.arguments);
  addToTurn(state, {
    type: 'tool-call',
    callId: callIdOf(item, at),
    kind: 'function',
    name: TOOL_SEARCH,
    arguments: input,
  });
}

function isClients(item: JsonObject): boolean {
  return item.execution !== 'server' && typeof item.call_id === 'string';
}

/** What a search found can be called from then on. */
function decodeFound(state: State, item: JsonObject, at: string): void {
  if (!isClients(item)) {
    decodeOpaque(state, item, 'tool_search_output');
    return;
  }
  const tools = decodeTools(optionalList(item, 'tools', `${at}.tools`) ?? [], `${at}.tools`);
  state.tools.push(...tools);
  addResult(state, { type: 'tool-result', callId: callIdOf(item, at), kind: 'function', parts: [tellFound(tools)] });
}

function tellFound(tools: readonly Tool[]): TextPart {
  const names = tools.map((tool) => (tool.kind === 'opaque' ? tool.type : tool.name));
  return { type: 'text', text: names.length === 0 ? 'No tool was found.' : `Found: ${names.join(', ')}` };
}

function decodeAdditionalTools(state: State, item: JsonObject, at: string): void {
  state.tools.push(...decodeTools(optionalList(item, 'tools', `${at}.tools`) ?? [], `${at}.tools`));
}

const USER_ITEMS = /_call_output$|^mcp_approval_response$|^compaction_trigger$|^configuration_update$/;

function decodeOpaque(state: State, item: JsonObject, type: string): void {
  const isUsers = USER_ITEMS.test(type) || (type === 'tool_search_output' && item.execution !== 'server');
  const use = readUse(item);
  const part = {
    type: 'opaque',
    dialect: DIALECT,
    kind: type,
    raw: item,
    ...(use === undefined ? {} : { use }),
  } as const;
  if (isUsers) addUser(state, [part]);
  else addToTurn(state, part);
}

function addToTurn(state: State, ...parts: readonly AssistantPart[]) {
  if (state.turn === undefined) {
    state.turn = { role: 'assistant', parts: [] };
    state.messages.push(state.turn);
  }
  state.results = undefined;
  state.turn.parts.push(...parts);
  return state.turn;
}

function addUser(state: State, parts: readonly UserPart[]): void {
  state.turn = undefined;
  state.results = undefined;
  state.messages.push({ role: 'user', parts });
}

function addInstruction(state: State, role: 'system' | 'developer', parts: readonly TextPart[]): void {
  if (state.messages.length === 0) {
    state.system.push({ role, parts });
    return;
  }
  state.turn = undefined;
  state.results = undefined;
  state.messages.push({ role, parts });
}
