import { expect, test } from 'bun:test';
import { explainUnserved } from '../../../src/routes/unserved.ts';

test.each([
  ['/v1/files', 'Files'],
  ['/v1/files/file-1/content', 'Files'],
  ['/upload/v1beta/files', 'Files'],
  ['/v1/messages/batches', 'Batches'],
  ['/v1/fine_tuning/jobs', 'Fine-tuned models'],
  ['/v1beta/cachedContents/x', 'Cached contents'],
])('%s belongs to one account: %s', (path, what) => {
  expect(explainUnserved(path)).toStartWith(`${what} are not served here`);
});

test.each(['/v1/profile', '/', '/v1/chat'])('nobody knows %s', (path) => {
  expect(explainUnserved(path)).toBeUndefined();
});
