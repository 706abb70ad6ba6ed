import type { Account } from '../../base/account.ts';
import type { JsonObject } from '../../base/json.ts';
import type { ListedModel } from '../../base/model-facts.ts';
import { keyHeader } from '../authorize.ts';
import { baseUrlOf } from '../endpoint.ts';
import { addQuery } from '../join-url.ts';
import { listPublisherModels } from '../list-models.ts';
import type { Adjusted, Call, Endpoint, Provider, Send } from '../provider.ts';
import { vertexHost, vertexRoot } from './vertex-root.ts';

/** What stands in the body in place of the header of Anthropic's own API. */
const ANTHROPIC_VERSION = 'vertex-2023-10-16';

/** https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference */
const gemini: Endpoint = {
  dialect: 'gemini',
  url: (call) => {
    if (!call.stream) return methodUrl(call, 'google', 'generateContent');
    return addQuery(methodUrl(call, 'google', 'streamGenerateContent'), 'alt=sse');
  },
  countUrl: (call) => methodUrl(call, 'google', 'countTokens'),
  servesModel: (model) => !isClaude(model),
};

/** https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai */
const claude: Endpoint = {
  dialect: 'anthropic-messages',
  url: (call) => methodUrl(call, 'anthropic', call.stream ? 'streamRawPredict' : 'rawPredict'),
  countUrl: ({ baseUrl }) => `${baseUrl}/publishers/anthropic/models/count-tokens:rawPredict`,
  servesModel: isClaude,
};

/** Google's Vertex AI, which has Gemini and Claude. */
export const vertex: Provider = {
  id: 'vertex',
  title: 'Google Vertex AI',
  defaultBaseUrl: 'https://aiplatform.googleapis.com',
  rootOf: vertexRoot,
  rootAdvice:
    'base_url must name the project, as in https://LOCATION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION.',
  endpoints: [gemini, claude],
  preferredDialect: (model) => (isClaude(model) ? 'anthropic-messages' : 'gemini'),
  needsCredential: true,
  authorize: (account) => keyHeader(account, 'x-goog-api-key'),
  quirks: (dialect) => (dialect === 'gemini' ? { callIds: false } : { imageUrls: false }),
  adjusts: (dialect) => dialect === 'anthropic-messages',
  adjust: adjustForVertex,
  listModels: listVertexModels,
};

function isClaude(model: string): boolean {
  return /^(?:publishers\/anthropic\/models\/)?claude-/.test(model);
}

function methodUrl({ baseUrl, model }: Call, publisher: 'google' | 'anthropic', method: string): string {
  const name = publisher === 'anthropic' ? withVersion(model) : model.replace(/^models\//, '');
  // models of other publishers, and tuned ones behind an endpoint, are named with their path
  const path = /^(?:publishers|endpoints)\//.test(name) ? name : `publishers/${publisher}/models/${name}`;
  return `${baseUrl}/${path.split('/').map(encodeSegment).join('/')}:${method}`;
}

/** Anthropic writes `claude-x-20250929` where Vertex has `claude-x@20250929`. */
function withVersion(model: string): string {
  return model.replace(/-(\d{8})$/, '@$1');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace('%40', '@');
}

function adjustForVertex(body: JsonObject, dialect: string): Adjusted {
  if (dialect !== 'anthropic-messages') return { body, losses: [] };
  const { model: _, ...rest } = body;
  return { body: { anthropic_version: ANTHROPIC_VERSION, ...rest }, losses: [] };
}

/** https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/publishers.models/list */
async function listVertexModels(send: Send, account: Account, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const root = baseUrlOf(vertex, account);
  const query = { provider: vertex, send, account, signal };
  const urlOf = (publisher: string) => `${vertexHost(root)}/v1beta1/publishers/${publisher}/models`;
  const google = await listPublisherModels(query, urlOf('google'));
  // a project that has not taken Claude's terms may not see it
  const anthropic = await listPublisherModels(query, urlOf('anthropic')).catch(() => []);
  return [...google.filter(({ id }) => /^(?:gemini|gemma)-/.test(id)), ...anthropic.filter(({ id }) => isClaude(id))];
}
