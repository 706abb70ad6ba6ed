import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/base/json.ts';
import {
  type AssistantPart,
  type CanonicalRequest,
  emptyRequest,
  type FunctionTool,
  type Message,
  type ResultPart,
  type UserPart,
} from '../../src/translate/canonical/request.ts';
import type { UpstreamDialect } from '../../src/translate/conformance/scenario.ts';

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `w${text}w`);
const NAMES = ['look', 'read_file', 'Edit-it', 'ask2'] as const;
const anyArgs = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,5}$/),
  fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null)),
  {
    maxKeys: 3,
    noNullPrototype: true,
  },
) as fc.Arbitrary<JsonObject>;
const image: UserPart = {
  type: 'media',
  kind: 'image',
  source: { type: 'base64', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
};

/** One exchange within a conversation: a question, and answers that call tools until the last does not. */
interface Round {
  readonly ask: string;
  readonly picture: boolean;
  readonly steps: readonly Step[];
  readonly answer: string;
}

interface Step {
  readonly thought: boolean;
  readonly said: string | undefined;
  readonly calls: readonly {
    readonly name: string;
    readonly args: JsonObject;
    readonly result: string;
    readonly failed: boolean;
  }[];
}

const anyStep: fc.Arbitrary<Step> = fc.record(
  {
    thought: fc.boolean(),
    said: fc.option(words, { nil: undefined }),
    calls: fc.array(
      fc.record(
        { name: fc.constantFrom(...NAMES), args: anyArgs, result: words, failed: fc.boolean() },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { noNullPrototype: true },
);

/** Some rounds of a conversation that every dialect can hold. */
export const anyRounds: fc.Arbitrary<readonly Round[]> = fc.array(
  fc.record(
    { ask: words, picture: fc.boolean(), steps: fc.array(anyStep, { maxLength: 3 }), answer: words },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 4 },
);

const SCHEMA: Json = {
  type: 'object',
  properties: { path: { type: 'string', description: 'Where.' }, lines: { type: 'integer' } },
  required: ['path'],
};
const TOOLS: readonly FunctionTool[] = NAMES.map((name) => ({
  kind: 'function',
  name,
  description: `Tool ${name}.`,
  schema: SCHEMA,
}));

/** The request of a conversation whose last question is not answered; thoughts have seals of `dialect`, where it has any. */
export function requestOf(rounds: readonly Round[], dialect: UpstreamDialect): CanonicalRequest {
  const counter = { at: 0 };
  const messages = rounds.flatMap((round) => messagesOf(round, dialect, counter));
  return {
    ...emptyRequest('m', true),
    system: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }],
    messages: messages.slice(0, -1),
    tools: TOOLS,
    toolChoice: { mode: 'auto' },
    sampling: { maxTokens: 4000 },
  };
}

function messagesOf(
  { ask, picture, steps, answer }: Round,
  dialect: UpstreamDialect,
  counter: { at: number },
): Message[] {
  return [
    { role: 'user', parts: [{ type: 'text', text: ask }, ...(picture ? [image] : [])] },
    ...steps.flatMap((step) => stepMessages(step, dialect, counter)),
    { role: 'assistant', parts: [{ type: 'text', text: answer }] },
  ];
}

function stepMessages({ thought, said, calls }: Step, dialect: UpstreamDialect, counter: { at: number }): Message[] {
  const named = calls.map((call) => ({ ...call, callId: `call_${counter.at++}` }));
  const parts: AssistantPart[] = [
    ...(thought ? thoughtOf(dialect, counter.at) : []),
    ...(said === undefined ? [] : [{ type: 'text' as const, text: said }]),
    ...named.map(
      ({ name, args, callId }, at): AssistantPart => ({
        type: 'tool-call',
        kind: 'function',
        callId,
        name,
        arguments: JSON.stringify(args),
        ...(dialect === 'gemini' && thought && at === 0
          ? { seal: { dialect, value: `seal${counter.at}`, attach: 'call' as const } }
          : {}),
      }),
    ),
  ];
  const results = named.map(({ name, callId, result, failed }): UserPart => {
    const told: ResultPart[] = [{ type: 'text', text: result }];
    return { type: 'tool-result', kind: 'function', callId, name, parts: told, ...(failed ? { isError: true } : {}) };
  });
  return [
    { role: 'assistant', parts },
    { role: 'user', parts: results },
  ];
}

/** A thought as the dialect's own vendor seals it; chat has none, and Gemini seals the call. */
function thoughtOf(dialect: UpstreamDialect, at: number): AssistantPart[] {
  if (dialect === 'openai-chat' || dialect === 'gemini') return [];
  return [{ type: 'reasoning', text: `thought ${at}`, seal: { dialect, value: `seal${at}` } }];
}
