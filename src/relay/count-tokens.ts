import type { Account } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import { type CountingDialect, encodeCount, isCounting, readCountRequest } from '../translate/count-body.ts';
import { DIALECTS } from '../translate/registry.ts';
import type { Answer } from './answer.ts';
import type { ClientCall } from './call.ts';
import { countRequest } from './counting/count-request.ts';
import { makerOf } from './counting/model-maker.ts';
import type { TokenRatios } from './counting/token-ratios.ts';
import { type CountText, loadTokenizer } from './counting/tokenizer.ts';
import { askCounter, type CountAsk } from './counting/upstream-count.ts';
import { type Estimate, weighEstimates } from './counting/weigh-estimates.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { followReferences } from './follow-references.ts';
import type { RelayPorts } from './journey.ts';

/** Counts the input tokens of a request. Throws only what is wrong with the request itself. */
export type CountTokens = (call: ClientCall) => Promise<Answer>;

/** What counting works with. */
export interface CountPorts
  extends Pick<
    RelayPorts,
    'pool' | 'resolve' | 'send' | 'clock' | 'log' | 'findProvider' | 'responses' | 'credentials'
  > {
  readonly ratios: TokenRatios;
  readonly loadTokenizer?: () => Promise<CountText>;
}

/** Makes the counter: the upstream's own where the account has one, translated to and from; else an estimate that says it is one. */
export function createCountTokens(ports: CountPorts): CountTokens {
  const withoutCounter = new WeakMap<Account, number>();
  return async (asked) => {
    const { dialect } = asked;
    if (!isCounting(dialect)) throw new GatewayError('route-unknown', 'This protocol does not count tokens.');
    const call = followReferences(asked, ports.responses);
    const request = decodeOnce(call, dialect);
    const counted = await askCounter(ports, { call, dialect, request, withoutCounter });
    if (counted.tokens === undefined) return estimateAnswer(ports, { call, dialect, request }, counted.model);
    const body = counted.text ?? JSON.stringify(encodeCount(dialect, counted.tokens));
    return wholeAnswer(call, body, { 'x-trivium-account': counted.account });
  };
}

/** The estimate goes by the model that would answer: an alias has no tokenizer. */
async function estimateAnswer(
  ports: CountPorts,
  { call, dialect, request }: Pick<CountAsk, 'call' | 'dialect' | 'request'>,
  model: string,
): Promise<Answer> {
  const canonical = request();
  const { tokens, within } = await estimate(ports, call, { ...canonical, model }).catch((cause): Estimate => {
    ports.log.warn('the tokenizer failed', { cause });
    return { tokens: estimateTokens(canonical), within: 0.5 };
  });
  const warning = `estimated=within-${Math.max(1, Math.ceil(within * 100))}%`;
  return wholeAnswer(call, JSON.stringify(encodeCount(dialect, tokens)), { 'x-trivium-warnings': warning });
}

async function estimate(ports: CountPorts, call: ClientCall, request: CanonicalRequest): Promise<Estimate> {
  const countText = await (ports.loadTokenizer ?? loadTokenizer)();
  const maker = makerOf(request.model);
  const ratio = ports.ratios.of(request.model, call.dialect);
  return weighEstimates(countRequest(request, maker, countText), maker, { bytes: call.body.bytes.length, ratio });
}

function decodeOnce(call: ClientCall, dialect: CountingDialect): () => CanonicalRequest {
  let decoded: CanonicalRequest | undefined;
  return () => {
    decoded ??= DIALECTS[dialect].client!.decodeRequest(readCountRequest(dialect, call.body.json()), {
      model: call.model,
      stream: false,
    });
    return decoded;
  };
}

function wholeAnswer(call: ClientCall, body: string, headers: { readonly [name: string]: string }): Answer {
  return { type: 'whole', status: 200, headers: { 'x-trivium-request-id': call.exchangeId, ...headers }, body };
}
