import type { Usage } from '../base/usage.ts';
import type { AssistantPart } from './canonical/request.ts';
import type { AnswerContext } from './dialect.ts';

/** Characters of an answer that make about a token. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * The usage of an answer with figures for what its upstream did not count, since clients compact their history by them. `told` is
 * the answer's length in characters. Without an estimator in the context nothing is made up.
 */
export function fillUsage(usage: Usage | undefined, context: AnswerContext, told: number): Usage | undefined {
  const { estimateInput } = context;
  if (estimateInput === undefined || (usage?.input !== undefined && usage.output !== undefined)) return usage;
  return {
    ...usage,
    input: usage?.input ?? estimateInput(),
    output: usage?.output ?? Math.ceil(told / CHARACTERS_PER_TOKEN),
    estimated: true,
  };
}

/** The length in characters of what was said, thought and called. */
export function lengthOf(parts: readonly AssistantPart[]): number {
  return parts.reduce((total, part) => {
    if (part.type === 'tool-call') return total + part.arguments.length;
    return part.type === 'text' || part.type === 'reasoning' ? total + part.text.length : total;
  }, 0);
}
