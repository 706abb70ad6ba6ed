import { type CanonicalRequest, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import type { AnswerContext } from '../../../../src/translate/dialect.ts';

/** The context of an answer to an unknown request, changed as told. */
export function contextOf(request: Partial<CanonicalRequest> = {}, client?: string): AnswerContext {
  return {
    request: { ...emptyRequest('asked-model', true), ...request },
    exchangeId: 'exchange-1',
    createdAt: 0,
    ...(client === undefined ? {} : { client }),
  };
}
