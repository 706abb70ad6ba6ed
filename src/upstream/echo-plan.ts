import { mintId } from '../base/id.ts';
import type { Json } from '../base/json.ts';
import type { Usage } from '../base/usage.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  CustomTool,
  FunctionTool,
  OutputFormat,
  ResultPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
  UserPart,
} from '../translate/canonical/request.ts';
import type { Finish } from '../translate/canonical/response.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Seal } from '../translate/seal.ts';
import { sampleOf } from './sample-json.ts';

/** What the echo answers, before anything of it is written in a dialect. */
export interface EchoPlan {
  readonly parts: readonly AssistantPart[];
  readonly finish: Finish;
  readonly usage: Usage;
  /** True: the words come at the pace of a person. */
  readonly slowly: boolean;
}

type CallableTool = FunctionTool | CustomTool;

const CHARACTERS_PER_TOKEN = 4;
/** What is repeated of a long prompt. */
const MAX_QUOTE = 400;
const SLOWLY = /\b(?:slowly|human pace|word by word|take your time)\b/i;
const ASKS_FOR_TOOL = /\b(?:call|use|run|invoke|try)\b.{0,40}\b(?:tools?|functions?)\b|\b(?:tool|function) calls?\b/i;
const ASKS_FOR_SEVERAL = /\b(?:parallel|both|two|twice|several)\b/i;
const WAFFLE =
  'This answer comes slowly on purpose, one word after the other, so that you can watch a stream as it arrives, stop it in the ' +
  'middle, look at it in the Monitor, or see what your client does while it waits. No model is asked and nothing leaves your ' +
  'machine: the words are made by the gateway itself, and they will end here.';

/** Decides what the echo answers to a request. The same request always gets the same answer. */
export function planEcho(request: CanonicalRequest, dialect: DialectId, seed: string): EchoPlan {
  const turn = lastUserTurn(request);
  const prompt = lastText(turn);
  const slowly = SLOWLY.test(prompt);
  const calls = planCalls(request, turn, prompt, seed);
  const { text, finish } = limitText(request, calls.length > 0 ? '' : answerText(request, turn, prompt, slowly));
  const parts: AssistantPart[] = [
    ...planReasoning(request, dialect, prompt),
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...calls,
  ];
  return {
    parts,
    finish: calls.length > 0 ? { reason: 'tool-calls' } : finish,
    usage: estimate(request, parts),
    slowly,
  };
}

function lastUserTurn(request: CanonicalRequest): UserMessage | undefined {
  return request.messages.findLast((message) => message.role === 'user');
}

/** The last text of a turn that a person may have written: clients put their own remarks in tags. */
function lastText(turn: UserMessage | undefined): string {
  const texts = (turn?.parts ?? []).filter((part) => part.type === 'text').map(({ text }) => text.trim());
  return texts.findLast((text) => text !== '' && !text.startsWith('<')) ?? texts.at(-1) ?? '';
}

function resultsOf(turn: UserMessage | undefined): readonly ToolResultPart[] {
  return (turn?.parts ?? []).filter((part) => part.type === 'tool-result');
}

function planCalls(
  request: CanonicalRequest,
  turn: UserMessage | undefined,
  prompt: string,
  seed: string,
): ToolCallPart[] {
  if (resultsOf(turn).length > 0) return [];
  const chosen = chooseTools(request, prompt);
  return chosen.map((tool, index) => ({
    type: 'tool-call',
    callId: mintId('call_', `${seed}:${index}`, 24),
    kind: tool.kind,
    name: tool.name,
    ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
    arguments: tool.kind === 'custom' ? 'example' : JSON.stringify(argumentsFor(tool.schema)),
  }));
}

function argumentsFor(schema: Json | undefined): Json {
  return schema === undefined ? {} : sampleOf(schema);
}

function chooseTools(request: CanonicalRequest, prompt: string): readonly CallableTool[] {
  const offered = offeredTools(request);
  const named = offered.filter(({ name }) => namesTool(prompt, name));
  const wanted = named.length > 0 || mustCall(request) || ASKS_FOR_TOOL.test(prompt);
  const candidates = named.length > 0 ? named : offered;
  const [first, second] = candidates;
  if (!wanted || first === undefined) return [];
  if (request.parallelToolCalls === false) return [first];
  if (named.length > 1) return named;
  return ASKS_FOR_SEVERAL.test(prompt) ? [first, second ?? first] : [first];
}

function offeredTools(request: CanonicalRequest): readonly CallableTool[] {
  const choice = request.toolChoice;
  const tools = request.tools.filter((tool) => tool.kind !== 'opaque');
  if (choice?.mode === 'none') return [];
  if (choice?.mode === 'named') return tools.filter(({ name }) => name === choice.name);
  if (choice?.mode === 'allowed') return tools.filter((tool) => choice.names.includes(fullName(tool)));
  return tools;
}

function fullName({ name, namespace }: CallableTool): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

function mustCall({ toolChoice: choice }: CanonicalRequest): boolean {
  return choice?.mode === 'required' || choice?.mode === 'named' || (choice?.mode === 'allowed' && choice.must);
}

/** A plain word is taken for a tool's name only as it is written; `get_weather` cannot be meant otherwise. */
function namesTool(prompt: string, name: string): boolean {
  const plain = /^[a-z]+$/i.test(name);
  const pattern = `(?<![\\w-])${name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`;
  return new RegExp(pattern, plain ? '' : 'i').test(prompt);
}

function planReasoning(request: CanonicalRequest, dialect: DialectId, prompt: string): AssistantPart[] {
  const { reasoning } = request;
  if (reasoning === undefined || reasoning.mode === 'off' || reasoning.effort === 'none') return [];
  const text = `The user wrote ${prompt.length} characters. The echo repeats them and needs no further thought.`;
  return [{ type: 'reasoning', text, ...sealFor(dialect, text) }];
}

/** Clients of these dialects drop or refuse a thought without its proof, so the echo has one of its own. */
function sealFor(dialect: DialectId, text: string): { readonly seal?: Seal } {
  if (dialect === 'openai-chat' || dialect === 'openai-completions') return {};
  return { seal: { dialect, value: Buffer.from(`trivium-echo:${mintId('', text, 24)}`).toString('base64') } };
}

function answerText(request: CanonicalRequest, turn: UserMessage | undefined, prompt: string, slowly: boolean): string {
  if (request.output !== undefined) return structuredText(request.output, prompt);
  const results = resultsOf(turn).map(tellResult);
  const media = tellMedia(turn);
  const said = prompt === '' ? '' : `You said: ${quote(prompt)}`;
  const heard = [...results, ...(results.length > 0 ? [] : [said]), media].filter((sentence) => sentence !== '');
  const greeting = heard.length === 0 ? 'Hello from Trivium: the gateway works.' : 'Trivium echo here.';
  return [greeting, ...heard, ...(slowly ? [WAFFLE] : [])].join(' ');
}

function structuredText(output: OutputFormat, prompt: string): string {
  switch (output.kind) {
    case 'json':
      return JSON.stringify({ echo: quote(prompt) });
    case 'schema':
      return JSON.stringify(sampleOf(output.schema));
    case 'choice':
      return output.values[0] ?? '';
    default:
      return output satisfies never;
  }
}

function tellResult(result: ToolResultPart): string {
  const what = result.parts.map(tellPart).join(' ').trim();
  const gave = result.isError ? 'failed with' : 'gave';
  return `The tool ${result.name ?? result.callId} ${gave}: ${what === '' ? 'nothing' : quote(what)}`;
}

function tellPart(part: ResultPart): string {
  return part.type === 'text' ? part.text : `[${part.type === 'media' ? part.kind : part.kind}]`;
}

function tellMedia(turn: UserMessage | undefined): string {
  const kinds = (turn?.parts ?? []).filter((part) => part.type === 'media').map(({ kind }) => kind);
  return kinds.length === 0 ? '' : `You sent with it: ${kinds.join(', ')}.`;
}

function quote(text: string): string {
  return text.length <= MAX_QUOTE ? text : `${text.slice(0, MAX_QUOTE).toWellFormed()}…`;
}

/** Heeds the limit and the stop sequences, as a model would. */
function limitText(request: CanonicalRequest, whole: string): { readonly text: string; readonly finish: Finish } {
  const { stop = [], maxTokens } = request.sampling;
  const stops = stop.filter((sequence) => sequence !== '' && whole.includes(sequence));
  const first = stops.sort((a, b) => whole.indexOf(a) - whole.indexOf(b))[0];
  const text = first === undefined ? whole : whole.slice(0, whole.indexOf(first));
  const room = (maxTokens ?? Number.POSITIVE_INFINITY) * CHARACTERS_PER_TOKEN;
  if (text.length > room) return { text: text.slice(0, room).toWellFormed(), finish: { reason: 'length' } };
  return { text, finish: { reason: 'stop', ...(first === undefined ? {} : { stopSequence: first }) } };
}

function estimate(request: CanonicalRequest, parts: readonly AssistantPart[]): Usage {
  const { system, messages, tools } = request;
  const asked = [...system, ...messages].reduce((sum, { parts: said }) => sum + lengthOf(said), 0);
  const offered = tools.length === 0 ? 0 : JSON.stringify(tools).length;
  const thought = lengthOf(parts.filter((part) => part.type === 'reasoning'));
  return {
    input: toTokens(asked + offered),
    output: toTokens(lengthOf(parts)),
    ...(thought === 0 ? {} : { reasoning: toTokens(thought) }),
  };
}

function lengthOf(parts: readonly (AssistantPart | UserPart)[]): number {
  return parts.reduce((sum, part) => sum + partLength(part), 0);
}

function partLength(part: AssistantPart | UserPart): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text.length;
    case 'tool-call':
      return part.name.length + part.arguments.length;
    case 'tool-result':
      return lengthOf(part.parts);
    case 'media':
    case 'opaque':
      return 0;
    default:
      return part satisfies never;
  }
}

function toTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}
