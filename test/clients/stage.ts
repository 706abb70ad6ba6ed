import { expect } from 'bun:test';
import { asArray, type JsonObject } from '../../src/base/json.ts';
import { accountAt, SERVICES, type UpstreamDialect } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import type { RecordedRequest } from '../support/fake-upstream/recorded-request.ts';
import { type ScriptStep, text } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import { loadChecker, REQUEST_SCHEMAS, sharedFolder } from '../support/shared-folder.ts';

/** The built executable with an account at a fake upstream that speaks one dialect. */
export interface Stage extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly dialect: UpstreamDialect;
  readonly model: string;
  readonly upstream: FakeUpstream;
  /** Begins a conversation: what the model does with each of its requests, in order; the last step is repeated. */
  begin(...steps: readonly ScriptStep[]): Conversation;
  /** Ends all rests of accounts. */
  rest(): Promise<void>;
  /** A second account, asked when the first cannot answer, at an upstream of its own that does these steps. */
  addSecond(...steps: readonly ScriptStep[]): Promise<FakeUpstream>;
}

/** What the upstream has been asked since a conversation began. */
export interface Conversation {
  /** The requests of the conversation, oldest first. Fails when the service would refuse one of them, or one made beside it. */
  asked(): Promise<readonly Asked[]>;
}

/** A request with a body. */
export type Asked = RecordedRequest & { readonly body: JsonObject };

/** For each dialect a model that thinks and sees, and gets its thoughts back where the dialect can carry them. */
export const MODELS: { readonly [D in UpstreamDialect]: string } = {
  'openai-chat': 'kimi-k2.5',
  'openai-responses': 'gpt-5.5',
  'anthropic-messages': 'claude-opus-4-5',
  gemini: 'gemini-3.5-flash',
};

/** What Moonshot has in its requests beyond OpenAI's own. https://platform.moonshot.ai/docs/api/chat */
const OF_OTHERS = new Set(['(root) unknown property thinking']);

/**
 * Starts a gateway whose every model is one of an upstream of this dialect, for clients that ask `asides` as programs for people do.
 * Stopped by `await using`.
 */
export async function setStage(dialect: UpstreamDialect, { asides }: { readonly asides: boolean }): Promise<Stage> {
  const play = (one: FakeUpstream, steps: readonly ScriptStep[]) => one.play(...(asides ? [apart(steps)] : steps));
  const model = MODELS[dialect];
  const upstreams = [await startUpstream()];
  const upstream = upstreams[0]!;
  const gateway = await startGateway();
  const { id: first } = await gateway.addAccount(
    accountAt(upstream, dialect, { name: 'first', priority: 9, models: [model] }),
  );
  const aliases = [{ name: '*', targets: [{ provider: SERVICES[dialect].provider, model }] }];
  const { status } = await gateway.api('/api/aliases', { method: 'PUT', body: { items: aliases } });
  expect(status).toBe(200);
  return {
    gateway,
    dialect,
    model,
    upstream,
    begin: (...steps) => {
      const from = upstream.generations.length;
      play(upstream, steps);
      return {
        asked: async () => {
          const all = await readAsked(upstream.generations.slice(from), dialect);
          return asides ? all.filter((request) => !isAside(request)) : all;
        },
      };
    },
    rest: async () => {
      await gateway.api(`/api/accounts/${first}/clear-cooldown`, { method: 'POST' });
    },
    addSecond: async (...steps) => {
      const second = await startUpstream();
      play(second, steps);
      upstreams.push(second);
      await gateway.addAccount(accountAt(second, dialect, { name: 'second', models: [model] }));
      return second;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(upstreams.map((one) => one.stop()));
      await gateway[Symbol.asyncDispose]();
    },
  };
}

function startUpstream(): Promise<FakeUpstream> {
  return startFakeUpstream({ apiKey: 'sk-upstream', chatFields: ['thinking'] });
}

/** What is said beside a conversation: a title, and what Gemini CLI asks before it chooses a model. */
const ASIDE = '{"complexity_reasoning":"A short question.","complexity_score":10}';

/** The steps for the requests of the conversation alone: those for titles and the like, made beside it, offer no tools of the client's. */
function apart(steps: readonly ScriptStep[]): ScriptStep {
  let at = 0;
  return (request) => {
    if (isAside(request)) return text(ASIDE);
    const step = steps[Math.min(at++, steps.length - 1)]!;
    return typeof step === 'function' ? step(request) : step;
  };
}

function isAside({ body, rawBody }: RecordedRequest): boolean {
  return asArray(body?.tools).length === 0 || rawBody.includes('complexity_score');
}

async function readAsked(requests: readonly RecordedRequest[], dialect: UpstreamDialect): Promise<readonly Asked[]> {
  expect(requests.map(({ refusal }) => refusal)).toEqual(requests.map(() => undefined));
  expect(requests.map((request) => request.dialect)).toEqual(requests.map(() => dialect));
  if (sharedFolder() !== undefined) {
    const schemas = (await loadChecker()).schemas();
    for (const { body } of requests) {
      const { errors } = schemas.validate(dialect, REQUEST_SCHEMAS[dialect], body, 'closed');
      expect(errors.filter((error) => !OF_OTHERS.has(error))).toEqual([]);
    }
  }
  return requests.filter((request): request is Asked => request.body !== undefined);
}
