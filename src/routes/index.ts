import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';
import type { ClientApi } from './client-api.ts';
import type { Endpoint } from './find-endpoint.ts';
import { findEndpoint } from './find-endpoint.ts';
import { checkOrigin, isAllowedOrigin, type OriginPolicy } from './origin-check.ts';
import { respondRefusal } from './respond.ts';

/** What the program's URLs are answered with. */
export interface AppParts {
  readonly clientApi: ClientApi;
  readonly originPolicy: () => OriginPolicy;
  /** Makes the admin API and the pages, each a plugin that brings its own routes. */
  readonly plugins: () => Promise<readonly AppPlugin[]>;
}

/** A group of routes. */
// biome-ignore lint/suspicious/noExplicitAny: the type of an Elysia instance names all of its routes
export type AppPlugin = Elysia<any, any, any, any, any, any, any>;

/** The client API's URLs; every other way to write them is repaired by the last route. */
const CLIENT_ROUTES: ReadonlyMap<string, Endpoint> = new Map(
  [
    '/healthz',
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/responses',
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/v1/responses/input_tokens',
    '/v1/embeddings',
    '/v1/images/generations',
    '/v1/images/edits',
    '/v1/images/variations',
    '/v1/audio/transcriptions',
    '/v1/audio/translations',
    '/v1/audio/speech',
    '/v1/moderations',
    '/v1/models',
  ].map((path) => [path, findEndpoint(path)!]),
);
/** What the paths of the client API begin with, and no others. */
const CLIENT_PREFIX = '/v1';

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'];
const CORS_REQUEST_HEADERS = '*, authorization';
const CORS_ANSWER_HEADERS = [
  'x-trivium-request-id',
  'x-trivium-account',
  'x-trivium-model',
  'x-trivium-attempts',
  'x-trivium-warnings',
  'x-trivium-verdict',
  'retry-after',
];

/** The program's URLs as a server takes them. */
export interface App {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Tells the routes which server they run in: it knows who is at the other end. */
  attach(server: unknown): void;
}

/**
 * Every URL of the program, in one list. Requests of web pages that may call go through the CORS plugin; all others, which are
 * nearly all, are spared its headers, and those of programs to the client API the framework as well.
 */
export async function createApp(parts: AppParts): Promise<App> {
  const { originPolicy } = parts;
  const forPrograms = listRoutes(guarded(originPolicy), parts.clientApi, await parts.plugins()).compile();
  const pageRules = cors({
    origin: (request) => isListedOrigin(request, originPolicy()),
    methods: CORS_METHODS,
    allowedHeaders: CORS_REQUEST_HEADERS,
    exposeHeaders: CORS_ANSWER_HEADERS,
    credentials: false,
    maxAge: 600,
  });
  const forPages = listRoutes(guarded(originPolicy).use(pageRules), parts.clientApi, await parts.plugins()).compile();
  return {
    fetch: (request) =>
      answerProgram(request, parts) ??
      (isListedOrigin(request, originPolicy()) ? forPages : forPrograms).fetch(request),
    attach: (server) => {
      forPrograms.server = server as never;
      forPages.server = server as never;
    },
  };
}

/** Answers a program's request to the client API without the framework, whose way costs a tenth of a request that passes. */
function answerProgram(request: Request, parts: AppParts): Response | Promise<Response> | undefined {
  if (request.headers.has('origin')) return undefined;
  const path = pathOf(request.url);
  if (!path.startsWith(CLIENT_PREFIX)) return undefined;
  const refusal = respondRefusal(() => checkOrigin(request, parts.originPolicy()));
  if (refusal !== undefined) return refusal;
  const endpoint = CLIENT_ROUTES.get(path);
  return endpoint === undefined ? parts.clientApi.answerAnyPath(request) : parts.clientApi.answer(request, endpoint);
}

/** The path of an absolute URL, cut and not parsed. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.search(/[?#]/);
  return start < 0 ? '/' : url.slice(start, end < 0 ? undefined : end);
}

function guarded(originPolicy: () => OriginPolicy) {
  return new Elysia().onRequest(({ request }) => respondRefusal(() => checkOrigin(request, originPolicy())));
}

function listRoutes(base: AppPlugin, clientApi: ClientApi, plugins: readonly AppPlugin[]): AppPlugin {
  let app = base;
  for (const [path, endpoint] of CLIENT_ROUTES) {
    app = app.all(path, ({ request }) => clientApi.answer(request, endpoint), { parse: 'none' });
  }
  for (const plugin of plugins) app = app.use(plugin);
  return app.all('/*', ({ request }) => clientApi.answerAnyPath(request), { parse: 'none' });
}

function isListedOrigin(request: Request, policy: OriginPolicy): boolean {
  const origin = request.headers.get('origin');
  return origin !== null && isAllowedOrigin(origin, request.headers.get('host'), policy);
}
