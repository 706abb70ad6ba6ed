import { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import { respondError } from './respond.ts';

/** One model as the gateway offers it. */
export interface OfferedModel {
  readonly id: string;
  /** Who serves it, for `owned_by`. */
  readonly owner: string;
  /** Epoch milliseconds; stable, since clients compare lists. */
  readonly createdAt: number;
}

/** Where the offered models come from. */
export interface ModelsPort {
  list(): readonly OfferedModel[];
}

type Shape = 'openai' | 'anthropic' | 'gemini';

/** Answers a list of models in the shape the client asked for, by its headers, query and path. */
export function respondModels(request: Request, url: URL, models: ModelsPort): Response {
  const all = models.list();
  switch (shapeOf(request, url)) {
    case 'anthropic':
      return Response.json(pageAnthropic(all, url));
    case 'gemini':
      return Response.json(pageGemini(all, url));
    case 'openai':
      return Response.json({ object: 'list', data: all.map(toOpenAi) });
  }
}

/** Answers one model, or a 404 in the client's shape. */
export function respondModel(request: Request, url: URL, models: ModelsPort, id: string): Response {
  const shape = shapeOf(request, url);
  const model = models.list().find((offered) => offered.id === id);
  if (model === undefined) {
    const error = new GatewayError('model-unknown', `The model "${id}" is not served here.`, { param: 'model' });
    return respondError(
      error,
      ({ openai: 'openai-chat', anthropic: 'anthropic-messages', gemini: 'gemini' } as const)[shape],
      '',
    );
  }
  return Response.json({ openai: toOpenAi, anthropic: toAnthropic, gemini: toGemini }[shape](model));
}

function shapeOf(request: Request, url: URL): Shape {
  const { headers } = request;
  const query = url.searchParams;
  if (headers.has('anthropic-version')) return 'anthropic';
  if (/^\/v1(?:beta1?|alpha)\//.test(url.pathname)) return 'gemini';
  const isGoogle = headers.has('x-goog-api-key') || headers.has('x-goog-api-client') || query.has('key');
  return isGoogle || query.has('pageSize') || query.has('pageToken') ? 'gemini' : 'openai';
}

/** https://platform.openai.com/docs/api-reference/models/object */
function toOpenAi(model: OfferedModel): JsonObject {
  return { id: model.id, object: 'model', created: Math.floor(model.createdAt / 1000), owned_by: model.owner };
}

/** https://docs.claude.com/en/api/models */
function toAnthropic(model: OfferedModel): JsonObject {
  return { type: 'model', id: model.id, display_name: model.id, created_at: new Date(model.createdAt).toISOString() };
}

/** https://ai.google.dev/api/models#Model */
function toGemini(model: OfferedModel): JsonObject {
  return {
    name: `models/${model.id}`,
    baseModelId: model.id,
    version: '1',
    displayName: model.id,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  };
}

function pageAnthropic(all: readonly OfferedModel[], url: URL): JsonObject {
  const limit = readSize(url.searchParams.get('limit'), 20);
  const after = url.searchParams.get('after_id');
  const before = url.searchParams.get('before_id');
  const start = after === null ? 0 : all.findIndex((model) => model.id === after) + 1;
  const end =
    before === null
      ? all.length
      : Math.max(
          0,
          all.findIndex((model) => model.id === before),
        );
  const from = before === null ? start : Math.max(start, end - limit);
  const page = all.slice(from, Math.min(end, from + limit));
  return {
    data: page.map(toAnthropic),
    has_more: before === null ? from + page.length < all.length : from > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function pageGemini(all: readonly OfferedModel[], url: URL): JsonObject {
  const size = readSize(url.searchParams.get('pageSize'), 50);
  const token = Number(url.searchParams.get('pageToken') ?? '0');
  const start = Number.isInteger(token) && token > 0 ? token : 0;
  const next = start + size;
  return {
    models: all.slice(start, next).map(toGemini),
    ...(next < all.length ? { nextPageToken: String(next) } : {}),
  };
}

function readSize(text: string | null, byDefault: number): number {
  const size = Number(text ?? byDefault);
  return Number.isInteger(size) && size >= 1 ? Math.min(size, 1000) : byDefault;
}
