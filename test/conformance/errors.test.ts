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
/** Words that say more than the status 400 they come with: a refused key, no money, an unknown model. */
const TELLING: readonly (readonly [RegExp, readonly number[]])[] = [
  [/API_KEY_INVALID|API key not valid|API Key not found|Incorrect API key/i, [502]],
  [/credit balance is too low/i, [402, 429]],
  [/model_not_found/, [404]],
];

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
  // services that speak as OpenAI does add fields of their own, which their own clients shall see
  const profile = isOpenai(recording.dialect) && isOpenai(checked) ? 'wire' : 'closed';
  const { errors } = checker
    .schemas()
    .validate(checked, 'ErrorResponse', JSON.parse(JSON.stringify(encoded.body)), profile);
  const telling = status === 400 ? TELLING.find(([words]) => words.test(body))?.[1] : undefined;
  const allowed = telling ?? STATUSES[status] ?? [];
  const faults = [
    ...errors.map((fault) => `schema: ${fault}`),
    ...(allowed.includes(encoded.status) ? [] : [`status ${status} became ${encoded.status} (${error.kind})`]),
    ...(error.message === '' ? ['no message'] : []),
  ];
  return faults.map((fault) => `${recording.file}: ${fault}`);
}

function isOpenai(dialect: CheckedDialect): boolean {
  return dialect.startsWith('openai-');
}
