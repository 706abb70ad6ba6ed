import { expect } from 'bun:test';
import { DIALECT_IDS, type DialectId } from '../../src/translate/dialect-id.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { type CheckedDialect, type Checker, loadChecker, testShared } from '../support/shared-folder.ts';
import { bodyOf, type Recording, recordingsOf, UPSTREAM_DIALECTS } from './recordings.ts';

/**
 * What a client may see for a status of the upstream. A credential the upstream refuses is no fault of the client, so 401 is not
 * passed on; Anthropic has its own numbers for a lack of money and of room.
 */
const STATUSES: Record<number, readonly number[]> = {
  200: [400, 500, 502, 503],
  400: [400],
  401: [502],
  402: [402, 429],
  403: [403],
  404: [404],
  429: [429, 402],
  500: [500, 502],
  503: [503, 529],
  529: [503, 529],
};
/** A refused key that Gemini tells with status 400. */
const REFUSED_KEY = /API_KEY_INVALID|API key not valid|API Key not found/i;
/** A lack of money that Anthropic tells with status 400. */
const NO_CREDIT = /credit balance is too low/i;

for (const from of UPSTREAM_DIALECTS) {
  for (const to of DIALECT_IDS) {
    testShared(`errors of ${from} reach clients of ${to}`, async () => {
      const checker = await loadChecker();
      expect(recordingsOf('error', from).flatMap((recording) => checkError(checker, recording, to))).toEqual([]);
    });
  }
}

function checkError(checker: Checker, recording: Recording, to: DialectId): string[] {
  const body = bodyOf(recording);
  const status = recording.status ?? 500;
  const failure = { status, headers: recording.headers ?? {}, body, now: 1_700_000_000_000 };
  const error = DIALECTS[recording.dialect].upstream!.decodeError(failure);
  const encoded = DIALECTS[to].client!.encodeError(error, { requestId: 'req_1' });
  const checked: CheckedDialect = to === 'openai-completions' ? 'openai-chat' : to;
  const { errors } = checker
    .schemas()
    .validate(checked, 'ErrorResponse', JSON.parse(JSON.stringify(encoded.body)), 'closed');
  const allowed = REFUSED_KEY.test(body) ? [502] : NO_CREDIT.test(body) ? [402, 429] : (STATUSES[status] ?? []);
  const faults = [
    ...errors.map((fault) => `schema: ${fault}`),
    ...(allowed.includes(encoded.status) ? [] : [`status ${status} became ${encoded.status} (${error.kind})`]),
    ...(error.message === '' ? ['no message'] : []),
  ];
  return faults.map((fault) => `${recording.file}: ${fault}`);
}
