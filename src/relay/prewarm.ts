import { replay } from '../translate/canonical/replay.ts';
import type { CanonicalResponse } from '../translate/canonical/response.ts';
import { PREWARM_LOSSES } from '../translate/prewarm.ts';
import { writeSse } from '../translate/stream/sse.ts';
import { runAll } from '../translate/stream/transducer.ts';
import { encodeAnswer, encodeAnswerStream } from '../translate/translate-answer.ts';
import { refuseLosses } from '../translate/translate-text.ts';
import type { Answer } from './answer.ts';
import { answerHeaders } from './answer-headers.ts';
import { type AttemptPlan, answerRoute } from './attempt.ts';
import type { AttemptDraft } from './exchange-draft.ts';
import type { Journey } from './journey.ts';

/** An answer without a token, for which nobody is asked. Throws `translation-refused` where the client wants no losses. */
export function answerPrewarm(journey: Journey, plan: AttemptPlan, attempt: AttemptDraft): Answer {
  const { call, exchange } = journey;
  if (call.strict) refuseLosses(PREWARM_LOSSES);
  exchange.lose(PREWARM_LOSSES);
  attempt.succeed();
  // the account was not used, so that nothing is learnt of it
  plan.lease.settle({ type: 'canceled' });
  const route = answerRoute(call, plan, journey.canonical());
  const empty: CanonicalResponse = { parts: [], finish: { reason: 'length' }, losses: [] };
  exchange.contentSeen();
  exchange.close({ status: 200 });
  const headers = answerHeaders(call.exchangeId, exchange);
  if (!call.stream) {
    headers['content-type'] = 'application/json';
    return { type: 'whole', status: 200, headers, body: JSON.stringify(encodeAnswer(route, empty).body) };
  }
  const body = runAll(encodeAnswerStream(route), replay(empty)).map(writeSse).join('');
  const pieces = [body];
  const source = { next: () => Promise.resolve(pieces.pop()), cancel: () => {} };
  return { type: 'stream', headers, source, heartbeat: '' };
}
