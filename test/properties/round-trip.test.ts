import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Json, type JsonObject, tryParseJson } from '../../src/base/json.ts';
import { collect } from '../../src/translate/canonical/collect.ts';
import { keepEventLaw } from '../../src/translate/canonical/event-law.ts';
import { replay } from '../../src/translate/canonical/replay.ts';
import {
  type AssistantPart,
  type CanonicalRequest,
  emptyRequest,
  type Message,
  type ResultPart,
  type UserPart,
} from '../../src/translate/canonical/request.ts';
import type { CanonicalResponse } from '../../src/translate/canonical/response.ts';
import { SCENARIOS, UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import { encodeRequestFor } from '../../src/translate/prepare-request.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { chain, runAll } from '../../src/translate/stream/transducer.ts';
import { traitsOfReference } from '../../src/translate/target.ts';
import { anyConversation } from '../support/arbitraries.ts';
import { user } from '../support/conversations.ts';
import { anyRounds, requestOf } from '../support/lawful-requests.ts';
import { readClientRequest } from '../support/scenario-recording.ts';

/** Models that take everything their dialect has. */
const MODELS: { readonly [U in UpstreamDialect]: string } = {
  'openai-chat': 'gpt-4o',
  'openai-responses': 'gpt-5.2',
  'anthropic-messages': 'claude-sonnet-4-5',
  gemini: 'gemini-3-pro-preview',
};

describe.each([...UPSTREAMS])('a request in %s', (dialect) => {
  const encode = (request: CanonicalRequest): JsonObject => {
    const { body } = encodeRequestFor(
      DIALECTS[dialect],
      { ...request, model: MODELS[dialect] },
      traitsOfReference(dialect),
    );
    return JSON.parse(JSON.stringify(body));
  };
  const decode = (body: JsonObject) =>
    DIALECTS[dialect].client!.decodeRequest(body, { model: MODELS[dialect], stream: true });

  test('is read again as it was written', () => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const request = requestOf(rounds, dialect);
        const read = decode(encode(request));
        expect(read.messages.map(plain)).toEqual(request.messages.map(plain));
        expect(read.system.flatMap(({ parts }) => parts)).toEqual(request.system.flatMap(({ parts }) => [...parts]));
        expect(read.tools.map(tellTool)).toEqual(request.tools.map(tellTool));
        expect(read.sampling.maxTokens).toBe(request.sampling.maxTokens!);
      }),
      { includeErrorInReport: true },
    );
  });

  test('is written again as it was read, whatever was repaired at first', () => {
    fc.assert(
      fc.property(anyConversation, (messages) => {
        const once = encode({ ...emptyRequest('m', true), messages: [user('Begin.'), ...messages.map(sealRightly)] });
        const twice = encode(decode(once));
        // elsewhere two turns or two texts in a row are read as one
        if (dialect === 'anthropic-messages') expect(twice).toEqual(once);
        expect(encode(decode(twice))).toEqual(twice);
      }),
      { includeErrorInReport: true, numRuns: 300 },
    );
  });

  test('is written again as it was read, for every recorded one', () => {
    for (const scenario of SCENARIOS) {
      const asked = scenario.asks === undefined ? readClientRequest(scenario, dialect) : undefined;
      if (asked === undefined) continue;
      const once = encode(decode(tryParseJson(asked.body) as JsonObject));
      expect({ [scenario.name]: encode(decode(once)) }).toEqual({ [scenario.name]: once });
    }
  });
});

/** A turn with proofs only where their vendors put them. */
function sealRightly(message: Message): Message {
  if (message.role !== 'assistant') return message;
  const parts = message.parts.map((part): AssistantPart => {
    if (!('seal' in part) || part.seal === undefined) return part;
    const { seal, ...rest } = part;
    const value = `proof ${seal.value}`;
    if (part.type === 'reasoning') return { ...part, seal: { dialect: seal.dialect, value } };
    const attach = part.type === 'text' ? 'text' : 'call';
    return seal.dialect === 'gemini'
      ? { ...part, seal: { dialect: 'gemini', value, attach } }
      : (rest as AssistantPart);
  });
  return { ...message, parts };
}

/** What a part tells, without what only some dialects write down beside it. */
function plain(message: CanonicalRequest['messages'][number]): Json {
  const parts = message.parts as readonly (AssistantPart | UserPart)[];
  return { role: message.role, parts: parts.map(plainPart) };
}

function plainPart(part: AssistantPart | UserPart): Json {
  switch (part.type) {
    case 'tool-call':
      return {
        call: part.callId,
        name: part.name,
        args: part.arguments === '' ? {} : (tryParseJson(part.arguments) ?? null),
        seal: part.seal?.value,
      };
    case 'tool-result':
      // two dialects have no other place for a failure than the text
      return { result: part.callId, text: part.parts.map((one) => textOf(one).replace(/^Error: /, '')) };
    case 'text':
      return { text: part.text };
    case 'reasoning':
      return { thought: part.text, seal: part.seal?.value };
    default:
      return { other: part.type };
  }
}

function textOf(part: ResultPart): string {
  return part.type === 'text' ? part.text : part.type;
}

function tellTool(tool: CanonicalRequest['tools'][number]): Json {
  return tool.kind === 'function'
    ? { name: tool.name, description: tool.description, schema: tool.schema }
    : { name: tool.name };
}

describe.each([...UPSTREAMS])('an answer in %s', (dialect) => {
  const { client, upstream } = DIALECTS[dialect];
  const request: CanonicalRequest = { ...emptyRequest('m', true), answer: { showReasoning: true } };
  const context = { request, exchangeId: 'x', createdAt: 0 };
  const answers = anyRounds.map((rounds): CanonicalResponse => {
    const { messages } = requestOf(rounds, dialect);
    const last = messages.findLast(({ role }) => role === 'assistant');
    const parts = last?.role === 'assistant' ? last.parts : [{ type: 'text' as const, text: 'hello' }];
    const calls = parts.some(({ type }) => type === 'tool-call');
    return { parts, finish: { reason: calls ? 'tool-calls' : 'stop' }, usage: { input: 1, output: 2 }, losses: [] };
  });
  const tell = ({ parts, finish }: CanonicalResponse) => ({ parts: parts.map(plainPart), finish: finish.reason });

  test('is read again as it was written, whole', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const body = JSON.parse(JSON.stringify(client!.encodeResponse(answer, context)));
        expect(tell(upstream!.decodeResponse(body, context)).parts).toEqual(tell(answer).parts);
      }),
      { includeErrorInReport: true },
    );
  });

  test('is read again as it was written, streamed', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const frames = runAll(client!.encodeStream(context), replay(answer));
        const read = collect(runAll(chain(upstream!.decodeStream(context), keepEventLaw), frames));
        expect(tell(read)).toEqual(tell(answer));
      }),
      { includeErrorInReport: true },
    );
  });
});
