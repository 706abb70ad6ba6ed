import type { DialectId } from '../../../src/translate/dialect-id.ts';
import type { Operation } from './recorded-request.ts';
import { SIDE_PATHS } from './sides.ts';

/** What a path of the services asks for. */
export interface Route {
  readonly dialect: DialectId;
  readonly operation: Operation;
  /** The model, where the path says it. */
  readonly model?: string;
  /** Whether a stream is asked for, where the path says it. */
  readonly stream?: boolean;
}

const GEMINI = /^\/v1(?:beta|alpha)?\/models\/(?<model>[^:]+):(?<method>\w+)$/;

/** Finds the service for a path, whatever stands before the version: `/v1/messages`, `/openai/v1/chat/completions`. */
export function routeRequest(path: string, headers: { readonly [name: string]: string }): Route | undefined {
  const at = path.search(/\/(?:v1(?:beta|alpha)?|v4)\//);
  const resource = at < 0 ? path : path.slice(at);
  const gemini = GEMINI.exec(resource)?.groups;
  if (gemini !== undefined) return routeGemini(decodeURIComponent(gemini.model!), gemini.method!);
  switch (resource.replace(/^\/v\d\w*/, '')) {
    case '/chat/completions':
      return { dialect: 'openai-chat', operation: 'generate' };
    case '/responses':
      return { dialect: 'openai-responses', operation: 'generate' };
    case '/responses/input_tokens':
      return { dialect: 'openai-responses', operation: 'count' };
    case '/messages':
      return { dialect: 'anthropic-messages', operation: 'generate' };
    case '/messages/count_tokens':
      return { dialect: 'anthropic-messages', operation: 'count' };
    case '/models':
      return { dialect: modelsDialect(resource, headers), operation: 'models' };
    default:
      return (SIDE_PATHS as readonly string[]).includes(resource.replace(/^\/v\d\w*/, ''))
        ? { dialect: 'openai-chat', operation: 'side' }
        : undefined;
  }
}

function routeGemini(model: string, method: string): Route | undefined {
  const dialect = 'gemini';
  if (method === 'countTokens') return { dialect, operation: 'count', model, stream: false };
  if (/^(?:batchE|e)mbedContents?$/.test(method)) return { dialect, operation: 'side', model, stream: false };
  if (method === 'generateContent') return { dialect, operation: 'generate', model, stream: false };
  return method === 'streamGenerateContent' ? { dialect, operation: 'generate', model, stream: true } : undefined;
}

function modelsDialect(resource: string, headers: { readonly [name: string]: string }): DialectId {
  if (resource.startsWith('/v1beta') || headers['x-goog-api-key'] !== undefined) return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
}
