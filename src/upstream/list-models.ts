import type { Account } from '../base/account.ts';
import { systemClock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { asObjects, asString, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { ListedModel, ModelFacts } from '../base/model-facts.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import { DIALECTS } from '../translate/registry.ts';
import { baseUrlOf } from './endpoint.ts';
import { ownHeaders } from './headers.ts';
import { addQuery, joinUrl } from './join-url.ts';
import type { Provider, Send } from './provider.ts';
import { readFailure } from './read-failure.ts';
import { readAnthropicFacts, readGeminiFacts, readOpenAiFacts } from './read-model-facts.ts';

/** A list longer than this many pages is cut: an upstream that always names a next page must not hold us for ever. */
const MAX_PAGES = 50;

/** Who asks for a list of models, and how. */
export interface ModelsQuery {
  readonly provider: Provider;
  readonly account: Account;
  readonly send: Send;
  readonly signal: AbortSignal;
}

/** One page of a list: its models, and the address of the next page. */
interface Page {
  readonly models: readonly ListedModel[];
  readonly next?: string;
}

/**
 * The models of a server of the OpenAI dialects.
 * https://platform.openai.com/docs/api-reference/models/list
 */
export async function listOpenAiModels(query: ModelsQuery): Promise<readonly ListedModel[]> {
  const url = joinUrl(baseUrlOf(query.provider, query.account), 'v1', '/models');
  return readPages(query, 'openai-chat', url, (body) => {
    // Together answers a bare list, Ollama and others the reference's object
    const entries = asObjects(Array.isArray(body) ? body : isObject(body) ? body.data : undefined);
    return { models: entries.flatMap((entry) => listed(asString(entry.id), readOpenAiFacts(entry))) };
  });
}

/**
 * The models of a server of the Anthropic dialect, page by page.
 * https://docs.claude.com/en/api/models-list
 */
export async function listAnthropicModels(query: ModelsQuery): Promise<readonly ListedModel[]> {
  const first = addQuery(joinUrl(baseUrlOf(query.provider, query.account), 'v1', '/models'), 'limit=1000');
  return readPages(query, 'anthropic-messages', first, (body) => {
    if (!isObject(body)) return { models: [] };
    const models = asObjects(body.data).flatMap((entry) => listed(asString(entry.id), readAnthropicFacts(entry)));
    const last = asString(body.last_id);
    const more = body.has_more === true && last !== undefined;
    return more ? { models, next: addQuery(first, `after_id=${encodeURIComponent(last)}`) } : { models };
  });
}

/**
 * The models of a server of the Gemini dialect that generate content, page by page, without their `models/` prefix.
 * https://ai.google.dev/api/models#method:-models.list
 */
export async function listGeminiModels(query: ModelsQuery, modelsUrl: string): Promise<readonly ListedModel[]> {
  const first = addQuery(modelsUrl, 'pageSize=1000');
  return readPages(query, 'gemini', first, (body) => {
    if (!isObject(body)) return { models: [] };
    const models = asObjects(body.models)
      .filter(generatesContent)
      .flatMap((entry) => listed(asString(entry.name)?.replace(/^models\//, ''), readGeminiFacts(entry)));
    const token = asString(body.nextPageToken);
    const more = token !== undefined && token !== '';
    return more ? { models, next: addQuery(first, `pageToken=${encodeURIComponent(token)}`) } : { models };
  });
}

/** The models of a publisher at Vertex AI, by their bare names. */
export async function listPublisherModels(query: ModelsQuery, modelsUrl: string): Promise<readonly ListedModel[]> {
  const first = addQuery(modelsUrl, 'pageSize=200');
  return readPages(query, 'gemini', first, (body) => {
    if (!isObject(body)) return { models: [] };
    const models = asObjects(body.publisherModels).flatMap((entry) =>
      listed(asString(entry.name)?.replace(/^publishers\/[^/]+\/models\//, ''), undefined),
    );
    const token = asString(body.nextPageToken);
    const more = token !== undefined && token !== '';
    return more ? { models, next: addQuery(first, `pageToken=${encodeURIComponent(token)}`) } : { models };
  });
}

function listed(id: string | undefined, facts: ModelFacts | undefined): readonly ListedModel[] {
  if (id === undefined) return [];
  return [facts === undefined ? { id } : { id, facts }];
}

function generatesContent({ supportedGenerationMethods: methods }: JsonObject): boolean {
  return !Array.isArray(methods) || methods.includes('generateContent');
}

async function readPages(
  query: ModelsQuery,
  dialect: DialectId,
  first: string,
  read: (body: unknown) => Page,
): Promise<readonly ListedModel[]> {
  const models = new Map<string, ListedModel>();
  let url: string | undefined = first;
  for (let page = 0; url !== undefined && page < MAX_PAGES; page++) {
    const { models: named, next }: Page = read(await readPage(query, dialect, url));
    for (const model of named) if (!models.has(model.id)) models.set(model.id, model);
    url = next;
  }
  return [...models.values()];
}

async function readPage(query: ModelsQuery, dialect: DialectId, url: string): Promise<unknown> {
  const { provider, account, send, signal } = query;
  const headers = { ...ownHeaders(dialect, false), ...provider.authorize(account, dialect) };
  const proxy = account.proxyUrl === undefined ? {} : { proxyUrl: account.proxyUrl };
  const response = await send({ method: 'GET', url, headers, ...proxy }, signal);
  if (!response.ok) throw await explainFailure(provider, dialect, response);
  const body = tryParseJson(await response.text());
  if (isObject(body) || Array.isArray(body)) return body;
  throw new GatewayError('upstream-malformed', `${provider.title} answered no list of models.`);
}

async function explainFailure(provider: Provider, dialect: DialectId, response: Response): Promise<GatewayError> {
  const failure = await readFailure(response, systemClock.now());
  const codec = DIALECTS[dialect].upstream;
  const words = `${provider.title} answered ${failure.status} when asked for its models.`;
  const error = codec?.decodeError(failure) ?? new GatewayError('upstream-failed', words);
  return provider.refineError?.(failure, error) ?? error;
}
