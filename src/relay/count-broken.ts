import type { Usage } from '../base/usage.ts';
import { parseSse } from '../translate/stream/sse.ts';
import type { AnswerRoute } from '../translate/translate-answer.ts';
import { estimateTokens } from './estimate-tokens.ts';
import type { Journey } from './journey.ts';
import type { StreamFacts } from './stream-stage.ts';

/** Characters of an answer that make about a token. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * The usage of a stream that ended before its upstream counted it, as far as it came: what was sent was paid for. What the upstream
 * did tell stays. Estimated, but for a stream without content, which counts as nothing.
 */
export function countBroken(journey: Journey, route: AnswerRoute, facts: StreamFacts): Usage | undefined {
  const { usage, finish } = facts;
  if (!facts.contentSeen || (finish !== undefined && usage?.output !== undefined)) return usage;
  const output = Math.ceil((facts.told ?? lengthOfPassed(route, facts)) / CHARACTERS_PER_TOKEN);
  const input = usage?.input ?? estimateInput(journey);
  return {
    ...usage,
    ...(input === undefined ? {} : { input }),
    // the first figure that some upstreams send is that of the first word
    output: Math.max(usage?.output ?? 0, output),
    estimated: true,
  };
}

/** Characters in the bytes that passed, as many for a byte as in the last of them. */
function lengthOfPassed(route: AnswerRoute, { passedBytes = 0, lastPassed }: StreamFacts): number {
  if (lastPassed === undefined || lastPassed.length === 0) return 0;
  let told = 0;
  try {
    const decoder = route.upstream.upstream!.decodeStream(route.context)((event) => {
      if (event.type === 'text-delta' || event.type === 'reasoning-delta' || event.type === 'tool-call-delta') {
        told += event.text.length;
      }
    });
    parseSse((frame) => decoder.push(frame)).push(lastPassed);
  } catch {
    return 0;
  }
  return (told / lastPassed.length) * passedBytes;
}

function estimateInput({ canonical }: Journey): number | undefined {
  try {
    return estimateTokens(canonical());
  } catch {
    // a passing request may hold what cannot be decoded
    return undefined;
  }
}
