import { FAILED_AT, HOUR, MINUTE, SECOND, type VendorFailure } from './vendor-failure.ts';

const rfc = (ms: number) => new Date(FAILED_AT + ms).toISOString();
const google = (message: string, details: readonly object[] = []) => ({
  error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details },
});
const GOOGLE = 'type.googleapis.com/google.rpc.';
const quota = (quotaId: string, model?: string) => ({
  '@type': `${GOOGLE}QuotaFailure`,
  violations: [
    {
      quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
      quotaId,
      ...(model === undefined ? {} : { quotaDimensions: { location: 'global', model } }),
      quotaValue: '20',
    },
  ],
});
const retryInfo = (retryDelay: string) => ({ '@type': `${GOOGLE}RetryInfo`, retryDelay });
const errorInfo = (reason: string, metadata: object) => ({
  '@type': `${GOOGLE}ErrorInfo`,
  reason,
  domain: 'cloudcode-pa.googleapis.com',
  metadata,
});
const GEMINI = { provider: 'gemini', dialect: 'gemini' } as const;

/** What Google says. */
export const GOOGLE_FAILURES: readonly VendorFailure[] = [
  {
    ...GEMINI,
    name: 'Google, requests of a minute',
    status: 429,
    body: google('You exceeded your current quota. Please retry in 34.074824224s.', [
      quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', 'gemini-2.5-pro'),
      retryInfo('34s'),
    ]),
    kind: 'rate-limited',
    scope: 'model',
    waitMs: 34 * SECOND,
  },
  {
    ...GEMINI,
    name: 'Google, requests of a day: until midnight in California, whatever RetryInfo says',
    status: 429,
    body: google('You exceeded your current quota.', [
      quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier', 'gemini-2.5-pro'),
      retryInfo('3s'),
    ]),
    kind: 'quota-exhausted',
    scope: 'model',
    waitMs: 22 * HOUR,
  },
  {
    ...GEMINI,
    name: 'Google, a quota of the project',
    status: 429,
    body: google('Quota exceeded.', [quota('GenerateContentRequestsPerMinutePerProjectPerRegion'), retryInfo('12s')]),
    kind: 'rate-limited',
    scope: 'account',
    waitMs: 12 * SECOND,
  },
  {
    ...GEMINI,
    name: 'Google, a rate with the delay of its quota',
    status: 429,
    body: google('Resource has been exhausted.', [
      errorInfo('RATE_LIMIT_EXCEEDED', { quotaResetDelay: '510.7ms', model: 'gemini-3-pro' }),
    ]),
    kind: 'rate-limited',
    scope: 'model',
    waitMs: SECOND,
  },
  {
    ...GEMINI,
    name: 'Google, a used-up quota with its end',
    status: 429,
    body: google('You have exhausted your capacity on this model.', [
      errorInfo('QUOTA_EXHAUSTED', { quotaResetTimeStamp: rfc(3 * HOUR), model: 'gemini-3-pro' }),
    ]),
    kind: 'quota-exhausted',
    scope: 'model',
    waitMs: 3 * HOUR,
  },
  {
    ...GEMINI,
    name: 'Google, a used-up quota with the delay of its end',
    status: 429,
    body: google('You have exhausted your capacity on this model.', [
      errorInfo('QUOTA_EXHAUSTED', { quotaResetDelay: '2h1m1s', model: 'gemini-3-pro' }),
    ]),
    kind: 'quota-exhausted',
    scope: 'model',
    waitMs: 2 * HOUR + MINUTE + SECOND,
  },
  {
    ...GEMINI,
    name: 'Google, only words',
    status: 429,
    body: google('You have exhausted your capacity on this model. Your quota will reset after 92h27m28s.'),
    kind: 'rate-limited',
    scope: 'model',
    waitMs: 92 * HOUR + 27 * MINUTE + 28 * SECOND,
  },
];
