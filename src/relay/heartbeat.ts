import type { ClientCodec } from '../translate/dialect.ts';
import { writeSse } from '../translate/stream/sse.ts';

/** What keeps a silent stream of a dialect open, as text; empty where its clients bear nothing. */
export function heartbeatText(codec: ClientCodec): string {
  const { heartbeat } = codec;
  if (heartbeat === 'comment') return ': keep-alive\n\n';
  return heartbeat === 'none' ? '' : writeSse(heartbeat);
}
