import { isDeepStrictEqual } from 'node:util';
import { asObject, asObjects, type Json, type JsonObject, parseJsonObject } from '../../../src/base/json.ts';
import type { UpstreamDialect } from '../../../src/translate/conformance/scenario.ts';
import type { UpstreamRequest } from '../../../src/upstream/provider.ts';
import { anthropic } from '../fake-upstream/anthropic.ts';
import { gemini } from '../fake-upstream/gemini.ts';
import { openAiChat } from '../fake-upstream/openai-chat.ts';
import { openAiResponses } from '../fake-upstream/openai-responses.ts';
import { Refusal } from '../fake-upstream/refusal.ts';
import { routeRequest } from '../fake-upstream/route-request.ts';
import type { Answer } from '../fake-upstream/scenario.ts';
import type { Memory, Vendor, VendorCall } from '../fake-upstream/vendor.ts';
import type { Dice } from './random.ts';
import { proofsIn, turnsOf } from './read-history.ts';

/** What the model says next: tools are named by their place in the client's own list. */
export interface Script {
  readonly thinking?: string;
  readonly text?: string;
  readonly calls: readonly { readonly tool: number; readonly args: JsonObject }[];
}

/** Four services in one that refuse what the real ones refuse, and remember what they have said. */
export interface AgentService {
  /** Answers a request of the gateway with what the script says. */
  answer(request: UpstreamRequest, script: Script): Response;
  /** From now on another gateway asks, which has seen nothing of what was sent before. */
  changeGateway(): void;
  /** What the gateway did wrong. */
  readonly faults: readonly string[];
  /** What a service refused, in its own words. */
  readonly refusals: readonly string[];
  /** Bodies of the requests, in order. */
  readonly bodies: readonly Sent[];
  /** The proofs that a service has given, and those of them that the last request for it held. */
  proofs(dialect: UpstreamDialect): { readonly given: number; readonly returned: number };
}

/** A request as a service got it. */
interface Sent {
  readonly dialect: UpstreamDialect;
  readonly body: JsonObject;
  readonly turns: readonly string[];
}

/** Makes the services, all without a conversation, for a client of a dialect. */
export function createAgentService(client: UpstreamDialect): AgentService {
  const vendors: { readonly [U in UpstreamDialect]: Vendor } = {
    'openai-chat': openAiChat(new Set()),
    'openai-responses': openAiResponses,
    'anthropic-messages': anthropic,
    gemini,
  };
  const memories = new Map<string, Memory>();
  const said = new Map<string, Script>();
  const faults: string[] = [];
  const refusals: string[] = [];
  const bodies: Sent[] = [];
  let before: Sent | undefined;

  const memoryOf = (dialect: string) => {
    const memory = memories.get(dialect) ?? { proofs: new Set<string>(), responses: new Set<string>() };
    memories.set(dialect, memory);
    return memory;
  };

  const answer = (request: UpstreamRequest, script: Script): Response => {
    const call = readCall(request, bodies.length + 1, memoryOf);
    const { dialect } = call;
    const vendor = vendors[dialect];
    const sent = { dialect, body: call.body, turns: turnsOf(dialect, call.body) };
    bodies.push(sent);
    faults.push(...checkProofs(dialect, call.body, said));
    // what passes is the client's own doing
    if (dialect !== client) faults.push(...checkPrefix(before, sent));
    before = sent;
    try {
      vendor.check(call);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      refusals.push(thrown.message);
      const { status, headers, body } = vendor.error(
        { status: 400, ...thrown.detail, message: thrown.message },
        call.serial,
      );
      return new Response(body, { status, headers });
    }
    const next = answerOf(script, call);
    const text = [...vendor.stream(next, call)].map((one) => one.text).join('');
    for (const proof of call.memory.proofs) if (!said.has(proof)) said.set(proof, script);
    return new Response(text, { headers: { ...vendor.headers(call), 'content-type': vendor.streamType(call) } });
  };

  const proofs = (dialect: UpstreamDialect) => {
    const last = bodies.findLast((one) => one.dialect === dialect);
    return {
      given: memoryOf(dialect).proofs.size,
      returned: last === undefined ? 0 : proofsIn(dialect, last.body).length,
    };
  };
  const changeGateway = () => {
    before = undefined;
  };
  return { answer, changeGateway, faults, refusals, bodies, proofs };
}

/** Invents what a model says next. */
export function inventScript(dice: Dice, turn: number): Script {
  const count = [0, 0, 1, 1, 1, 1, 2, 3][dice.below(8)]!;
  const calls = Array.from({ length: count }, () => inventCall(dice, turn));
  const speaks = count === 0 || dice.chance(50);
  return {
    calls,
    ...(dice.chance(80) ? { thinking: `Thought ${turn}: is “ø${turn}” right?\nLet me see.` } : {}),
    ...(speaks ? { text: `Answer ${turn}: grüße 🦭 — step ${turn}.` } : {}),
  };
}

function inventCall(dice: Dice, turn: number) {
  const path = `src/å ${turn}.ts`;
  const tool = dice.below(3);
  const edits = [{ from: `"${turn}"\n`, to: null }];
  const args: readonly JsonObject[] = [
    { path, ...(dice.chance(50) ? { lines: turn + 1, mode: 'text' } : {}) },
    { path, edits },
    {},
  ];
  return { tool, args: args[tool]! };
}

interface AgentCall extends VendorCall {
  readonly dialect: UpstreamDialect;
}

function readCall(request: UpstreamRequest, serial: number, memoryOf: (dialect: string) => Memory): AgentCall {
  const url = new URL(request.url);
  const text = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
  const body = parseJsonObject(text);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const route = routeRequest(url.pathname, headers)!;
  const dialect = route.dialect as UpstreamDialect;
  const model = route.model ?? String(body.model);
  const stream = route.stream ?? body.stream === true;
  const memory = memoryOf(dialect);
  return { headers, query: url.searchParams, body, model, stream, serial, memory, dialect };
}

/** A model of Anthropic that has been given a budget thinks before every call. */
function thoughtOf({ thinking, calls }: Script, body: JsonObject): string | undefined {
  return asObject(body.thinking)?.type === 'enabled' && calls.length > 0 ? (thinking ?? BRIEF) : thinking;
}

const BRIEF = 'Hm.';

/** The answer of a script to a request: its calls are of the tools that the request offers. */
export function answerOf(script: Script, { body, dialect }: Pick<AgentCall, 'body' | 'dialect'>): Answer {
  const tools = toolsOf(dialect, body);
  const calls = script.calls.map(({ tool, args }) => ({
    name: String(tools[tool]?.name),
    args: argsFor(tools[tool], args),
  }));
  const thinking = thoughtOf(script, body);
  const { text } = script;
  return {
    type: 'answer',
    ...(thinking === undefined ? {} : { thinking }),
    ...(text === undefined ? {} : { text }),
    ...(calls.length > 0 ? { calls } : {}),
  };
}

/** A tool that wants free text gets some. */
function argsFor(tool: JsonObject | undefined, args: JsonObject): JsonObject {
  return JSON.stringify(tool ?? {}).includes('"input":') || tool?.type === 'custom'
    ? { input: '*** Patch\n+"ø"\n' }
    : args;
}

function toolsOf(dialect: UpstreamDialect, body: JsonObject): JsonObject[] {
  const tools = asObjects(body.tools);
  if (dialect === 'openai-chat')
    return tools.map((tool) => ({ type: tool.type, ...asObject(tool[String(tool.type)]) }));
  return dialect === 'gemini' ? tools.flatMap((tool) => [...asObjects(tool.functionDeclarations)]) : [...tools];
}

/** A proof comes back on what it was given for, unchanged. */
function checkProofs(dialect: UpstreamDialect, body: JsonObject, said: ReadonlyMap<string, Script>): string[] {
  return proofsIn(dialect, body).flatMap(({ proof, thinking, args }) => {
    const script = said.get(proof);
    if (script === undefined) return [`a proof that nobody gave: ${proof.slice(0, 20)}`];
    if (thinking !== undefined && thinking !== (script.thinking ?? BRIEF))
      return [`a proof on another thought: ${thinking}`];
    const call = script.calls[0];
    const isMoved = dialect === 'gemini' && call !== undefined && !isDeepStrictEqual(args, argsOfCall(call.args, args));
    return isMoved ? [`a proof that was given for a call is on ${JSON.stringify(args)}`] : [];
  });
}

function argsOfCall(args: JsonObject, seen: Json | undefined): JsonObject {
  return asObject(seen)?.input === undefined ? args : { input: '*** Patch\n+"ø"\n' };
}

/** What was sent once is sent the same way again, so that caches and proofs hold. */
function checkPrefix(before: Sent | undefined, { dialect, body, turns: now }: Sent): string[] {
  if (before?.dialect !== dialect || before.body.model !== body.model) return [];
  const then = before.turns;
  const at = then.findIndex((turn, index) => turn !== now[index]);
  return at < 0 ? [] : [`turn ${at} of ${then.length} has changed: ${then[at]} became ${now[at]}`];
}
