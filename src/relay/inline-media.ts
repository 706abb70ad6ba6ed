import { GatewayError, invalidRequest } from '../base/gateway-error.ts';
import type { TargetRules } from '../translate/dialect.ts';
import { findLinks, type LinkedData, type LinkedMedia, placeOfText, type TakesLink } from '../translate/links.ts';
import type { AttemptPlan } from './attempt.ts';
import type { Journey } from './journey.ts';

/** The most that one request's links may lead to, in characters of base64, and how many of them are followed at a time. */
const MOST_LINKED = 64 * 1024 * 1024;
const AT_A_TIME = 6;

/** Which links the target of an attempt takes as they are. */
export function takesLinks({ upstream, traits, lease }: AttemptPlan): TakesLink {
  let rules: TargetRules | undefined;
  return (part) => {
    // few requests have links
    rules ??= upstream.upstream?.rules(lease.target.model, traits);
    return rules?.takesLink?.(part) ?? true;
  };
}

/**
 * The links in a request whose content its upstream must be given as data; `undefined` when there are none, or none are to be
 * followed. Bytes that pass are looked at only for upstreams that take no links at all.
 */
export function linksToFollow(journey: Journey, plan: AttemptPlan): readonly string[] | undefined {
  if (journey.ports.fetchMedia?.() === undefined || plan.provider.answerLocally !== undefined) return undefined;
  if (plan.passes && (plan.traits.quirks.imageUrls !== false || !journey.call.body.includes('image'))) return undefined;
  try {
    return findLinks(journey.canonical(), takesLinks(plan));
  } catch (thrown) {
    // what passes need not make sense to us
    if (plan.passes) return undefined;
    throw thrown;
  }
}

/** Follows links. Throws `invalid-request` naming the field of the first that leads to nothing of use, and `canceled`. */
export async function followLinks(
  journey: Journey,
  urls: readonly string[],
  signal: AbortSignal,
): Promise<LinkedMedia> {
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([followAll(journey, urls), left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function followAll(journey: Journey, urls: readonly string[]): Promise<LinkedMedia> {
  const linked = new Map<string, LinkedData>();
  let size = 0;
  let failed = false;
  const waiting = urls.values();
  const follow = async () => {
    for (const url of waiting) {
      if (failed) return;
      const data = await followOne(journey, url).catch((thrown) => {
        failed = true;
        throw thrown;
      });
      linked.set(url, data);
      size += data.data.length;
      if (size > MOST_LINKED) throw refuse(journey, url, 'the links of the request lead to too much data');
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, urls.length) }, follow));
  return linked;
}

async function followOne(journey: Journey, url: string): Promise<LinkedData> {
  try {
    return await journey.ports.fetchMedia!()!(url);
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind === 'invalid-request') throw refuse(journey, url, thrown.message);
    journey.ports.log.debug('media could not be had', { exchange: journey.call.exchangeId, cause: thrown });
    throw refuse(journey, url, 'its server broke off');
  }
}

function refuse({ call }: Journey, url: string, reason: string): GatewayError {
  const param = placeOfText(call.body.json(), url)?.slice(1);
  const words = 'The upstream takes no links, and what this one leads to cannot be sent in its place';
  return invalidRequest(`${param === undefined ? '' : `'${param}': `}${words}: ${reason}.`, param);
}
