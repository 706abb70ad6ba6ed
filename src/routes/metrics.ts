import { Elysia } from 'elysia';
import type { Log } from '../base/log.ts';
import type { Gate } from './admin/access.ts';
import { respondAdmin } from './admin/respond-admin.ts';
import type { AppPlugin } from './index.ts';

/** What `/metrics` is answered with. */
export interface MetricsRouteParts {
  readonly gate: Gate;
  readonly log: Log;
  readonly metrics: () => string;
}

/** `GET /metrics`, for those who may manage the gateway. */
export function createMetricsRoute({ gate, log, metrics }: MetricsRouteParts): AppPlugin {
  return new Elysia({ name: 'metrics' }).get('/metrics', ({ request, server }) =>
    respondAdmin(log, 200, async () => {
      await gate.check(request, server?.requestIP(request)?.address);
      const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' };
      return new Response(metrics(), { headers });
    }),
  ) as unknown as AppPlugin;
}
