import type { Account } from '../base/account.ts';
import { SIDE_RESOURCES, type SideResource } from '../translate/side/side-operation.ts';
import { baseUrlOf } from './endpoint.ts';
import { joinUrl } from './join-url.ts';
import type { Provider, SideEndpoints } from './provider.ts';

/** Where servers of OpenAI's dialects have their resources. https://platform.openai.com/docs/api-reference */
const OPENAI_PATHS = {
  embeddings: '/embeddings',
  images: '/images/generations',
  'image-edits': '/images/edits',
  'image-variations': '/images/variations',
  transcriptions: '/audio/transcriptions',
  translations: '/audio/translations',
  speech: '/audio/speech',
  moderations: '/moderations',
} as const satisfies { readonly [R in SideResource]?: string };
type OpenAiResource = keyof typeof OPENAI_PATHS;

/** The named resources of a server of OpenAI's dialects, all of them by default. */
export function openAiSides(
  resources: readonly OpenAiResource[] = Object.keys(OPENAI_PATHS) as OpenAiResource[],
  join: (baseUrl: string, path: string) => string | undefined = (baseUrl, path) => joinUrl(baseUrl, 'v1', path),
): SideEndpoints {
  return Object.fromEntries(
    resources.map((resource) => [
      resource,
      ({ baseUrl }: { readonly baseUrl: string }) => join(baseUrl, OPENAI_PATHS[resource]),
    ]),
  );
}

/**
 * The URL at which an account is asked for something besides conversations; empty for a provider that answers by itself.
 * `undefined` when it has no such thing, or its owner limited it to other dialects.
 */
export function sideUrlOf(
  provider: Provider,
  account: Account,
  ask: { readonly resource: SideResource; readonly model: string },
): string | undefined {
  const urlOf = provider.sides?.[ask.resource];
  if (urlOf === undefined || !isAllowed(account, ask.resource)) return undefined;
  if (provider.answerSideLocally !== undefined) return '';
  return urlOf({ baseUrl: baseUrlOf(provider, account), model: ask.model, stream: false });
}

/** A limit to some dialects of OpenAI's says nothing against its other resources. */
function isAllowed({ dialects }: Account, resource: SideResource): boolean {
  const vendor = SIDE_RESOURCES[resource].split('-')[0]!;
  return dialects.length === 0 || dialects.some((dialect) => dialect.startsWith(vendor));
}
