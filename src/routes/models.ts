import { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import type { KeyHolder } from './client-key.ts';
import { type OfferedModel, toAnthropic, toCodex, toGemini, toOpenAi } from './model-shapes.ts';
import { respondError } from './respond.ts';

/** Where the offered models come from. */
export interface ModelsPort {
  list(): readonly OfferedModel[];
  /** One model by any name that clients may ask for, the listed ones and those that a pattern stands for. */
  find(id: string): OfferedModel | undefined;
}

/** The models that the holder of a key may ask for. */
export function allowedModels(models: ModelsPort, holder: KeyHolder | undefined): ModelsPort {
  if (holder === undefined) return models;
  return {
    list: () => models.list().filter(({ id }) => holder.allows(id)),
    find: (id) => (holder.allows(id) ? models.find(id) : undefined),
  };
}

type Shape = 'openai' | 'anthropic' | 'gemini' | 'codex';

/** Answers a list of models in the shape the client asked for, by its headers, query and path. */
export function respondModels(request: Request, url: URL, models: ModelsPort): Response {
  const all = models.list();
  switch (shapeOf(request, url)) {
    case 'anthropic':
      return Response.json(pageAnthropic(all, url));
    case 'gemini':
      return Response.json(pageGemini(all, url));
    case 'codex':
      return Response.json({ models: all.map(toCodex) });
    case 'openai':
      return Response.json({ object: 'list', data: all.map(toOpenAi) });
  }
}

/** Answers one model, or a 404 in the client's shape. */
export function respondModel(request: Request, url: URL, models: ModelsPort, id: string): Response {
  const asked = shapeOf(request, url);
  const shape = asked === 'codex' ? 'openai' : asked;
  const model = models.find(id);
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
  if (query.has('client_version')) return 'codex';
  const isGoogle = headers.has('x-goog-api-key') || headers.has('x-goog-api-client') || query.has('key');
  return isGoogle || query.has('pageSize') || query.has('pageToken') ? 'gemini' : 'openai';
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
