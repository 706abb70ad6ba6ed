import { AdminError } from '../../admin/admin-error.ts';
import { type GatewayError, toGatewayError } from '../../base/gateway-error.ts';
import type { Log } from '../../base/log.ts';

/** Answers an operation's result as JSON, or its error as `{"error":{"code","message","field"?}}`. */
export async function respondAdmin(log: Log, status: number, act: () => unknown): Promise<Response> {
  try {
    const result = await act();
    if (result instanceof Response) return result;
    if (result === undefined) return new Response(null, { status: 204 });
    return Response.json(result, { status, headers: { 'cache-control': 'no-store' } });
  } catch (thrown) {
    const error = thrown instanceof AdminError ? thrown : fromGateway(thrown, log);
    return Response.json(error.toJSON(), { status: error.status });
  }
}

function fromGateway(thrown: unknown, log: Log): AdminError {
  const error: GatewayError = toGatewayError(thrown);
  if (error.kind === 'internal') log.error('admin request broke', { cause: thrown });
  const { param } = error.detail;
  const field = param === undefined ? {} : { field: param };
  return new AdminError(error.kind.replaceAll('-', '_'), error.message, { status: error.traits.status, ...field });
}
