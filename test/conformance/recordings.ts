import type { CheckedDialect } from '../support/shared-folder.ts';
import { readShared, sharedFolder } from '../support/shared-folder.ts';

/** One file of recorded traffic, as the index of the recordings describes it. */
export interface Recording {
  readonly file: string;
  readonly dialect: CheckedDialect;
  readonly type: 'stream' | 'whole' | 'request' | 'error';
  /** Its main trait: `text`, `tool-call`, `error-429` … */
  readonly kind: string;
  readonly tags: readonly string[];
  readonly provider: string;
  readonly operation: string;
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly model?: string;
  readonly path?: string;
}

/** The dialects that upstreams speak; legacy completions are a client's only. */
export const UPSTREAM_DIALECTS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const;

/** The recordings of one type and dialect; none where the shared folder is missing. */
export function recordingsOf(type: Recording['type'], dialect: CheckedDialect, operation = 'generate'): Recording[] {
  if (sharedFolder() === undefined) return [];
  const index = JSON.parse(readShared('recordings', 'index.json')) as { files: Recording[] };
  return index.files.filter((one) => one.type === type && one.dialect === dialect && one.operation === operation);
}

/** The recorded text. */
export function bodyOf(recording: Recording): string {
  return readShared('recordings', recording.file);
}
