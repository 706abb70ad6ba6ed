import type {
  AssistantMessage,
  Message,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
  UserPart,
} from '../canonical/request.ts';
import { splitTurns, type Turn } from './split-turns.ts';

/**
 * Every call has its own id and exactly one result; results stand first in the user message right
 * after their calls, in call order; a result without a call becomes user text.
 */
export function pairResults(messages: readonly Message[]): readonly Message[] {
  const seen = new Set<string>();
  const paired: Message[] = [];
  let changed = false;
  for (const turn of splitTurns(messages)) {
    const inOrder = isPaired(turn, seen);
    const { assistants, others } = inOrder ? turn : repairTurn(turn, seen);
    paired.push(...assistants, ...others);
    changed ||= !inOrder;
  }
  return changed ? paired : messages;
}

function isPaired(turn: Turn, seen: Set<string>): boolean {
  const calls = callsOf(turn);
  const [first] = turn.others;
  const parts = first?.role === 'user' ? first.parts : [];
  const answered = calls.every((call, at) => isResultOf(parts[at], call));
  const results = turn.others.reduce((count, message) => count + countResults(message), 0);
  const split = turn.assistants.slice(0, -1).some(hasCalls);
  const ids = new Set(calls.map((call) => call.callId));
  const fresh = ids.size === calls.length && calls.every((call) => !seen.has(call.callId));
  if (!answered || results !== calls.length || split || !fresh) return false;
  for (const id of ids) seen.add(id);
  return true;
}

function isResultOf(part: UserPart | undefined, call: ToolCallPart): boolean {
  if (part?.type !== 'tool-result' || part.callId !== call.callId || part.kind !== call.kind) return false;
  return part.name === undefined || part.name === call.name;
}

function countResults(message: UserMessage | SystemMessage): number {
  if (message.role !== 'user') return 0;
  return message.parts.reduce((count, part) => count + (part.type === 'tool-result' ? 1 : 0), 0);
}

function callsOf(turn: Turn): ToolCallPart[] {
  return turn.assistants.flatMap((message) => message.parts.filter((part) => part.type === 'tool-call'));
}

function hasCalls(message: AssistantMessage): boolean {
  return message.parts.some((part) => part.type === 'tool-call');
}

/** A call under the id it gets, and the result found for it. */
interface Pair {
  readonly askedId: string;
  readonly call: ToolCallPart;
  result: ToolResultPart | undefined;
}

function repairTurn(turn: Turn, seen: Set<string>): Turn {
  const pairs = callsOf(turn).map(
    (call): Pair => ({ askedId: call.callId, call: withFreshId(call, seen), result: undefined }),
  );
  const others: (UserMessage | SystemMessage)[] = [];
  for (const message of turn.others) {
    if (countResults(message) === 0) others.push(message);
    else {
      const parts = (message as UserMessage).parts.flatMap((part) => takeResult(part, pairs));
      if (parts.length > 0) others.push({ ...(message as UserMessage), parts });
    }
  }
  const assistants = renameCalls(joinCalling(turn.assistants), pairs);
  return { assistants, others: putResultsFirst(pairs.map(resultOf), others) };
}

function withFreshId(call: ToolCallPart, seen: Set<string>): ToolCallPart {
  let callId = call.callId;
  for (let count = 2; seen.has(callId); count++) callId = `${call.callId}_${count}`;
  seen.add(callId);
  return callId === call.callId ? call : { ...call, callId };
}

function takeResult(part: UserPart, pairs: readonly Pair[]): readonly UserPart[] {
  if (part.type !== 'tool-result') return [part];
  const candidates = pairs.filter((pair) => pair.askedId === part.callId);
  // a second result for the same call takes the place of the first
  const pair = candidates.find((candidate) => candidate.result === undefined) ?? candidates.at(-1);
  if (pair === undefined) return noteOf(part);
  pair.result = part;
  return [];
}

function noteOf(result: ToolResultPart): readonly UserPart[] {
  const label = `[result of earlier tool ${result.name ?? result.callId}]`;
  const texts = result.parts.filter((part): part is TextPart => part.type === 'text').map((part) => part.text);
  const note: TextPart = { type: 'text', text: [label, ...texts].join(' ') };
  return [note, ...result.parts.filter((part) => part.type !== 'text')];
}

function resultOf(pair: Pair): ToolResultPart {
  const { callId, kind, name } = pair.call;
  const { result } = pair;
  if (result === undefined) {
    const parts: readonly TextPart[] = [{ type: 'text', text: 'no result (interrupted)' }];
    return { type: 'tool-result', callId, kind, name, parts, isError: true };
  }
  if (isResultOf(result, pair.call)) return result;
  return { ...result, callId, kind, ...(result.name === undefined ? {} : { name }) };
}

/** Answers in a row are one when others than the last make calls: results follow the calling message directly. */
function joinCalling(messages: readonly AssistantMessage[]): readonly AssistantMessage[] {
  if (!messages.slice(0, -1).some(hasCalls)) return messages;
  return [{ ...messages[0]!, parts: messages.flatMap((message) => message.parts) }];
}

function renameCalls(messages: readonly AssistantMessage[], pairs: readonly Pair[]): readonly AssistantMessage[] {
  let at = 0;
  return messages.map((message) => {
    if (!hasCalls(message)) return message;
    return { ...message, parts: message.parts.map((part) => (part.type === 'tool-call' ? pairs[at++]!.call : part)) };
  });
}

function putResultsFirst(
  results: readonly ToolResultPart[],
  others: readonly (UserMessage | SystemMessage)[],
): readonly (UserMessage | SystemMessage)[] {
  if (results.length === 0) return others;
  const [first, ...rest] = others;
  if (first?.role !== 'user') return [{ role: 'user', parts: results }, ...others];
  return [{ ...first, parts: [...results, ...first.parts] }, ...rest];
}
