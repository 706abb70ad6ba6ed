import type { Dialect } from '../dialect.ts';
import { carriesCitation } from './citations.ts';
import { continuation } from './continue-request.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream } from './encode-stream.ts';
import { decodeError, encodeError, encodeStreamError } from './errors.ts';
import { refit } from './refit.ts';
import { rulesFor } from './rules.ts';
import { watchResponse, watchStream } from './watch-stream.ts';

/** The `anthropic-messages` dialect. https://docs.claude.com/en/api/messages */
export const anthropicMessages: Dialect = {
  id: 'anthropic-messages',
  client: {
    decodeRequest,
    carriesCitation,
    carriesOpaque: (part) => part.dialect === 'anthropic-messages',
    // an answer of Claude is text and calls
    carriesMedia: () => false,
    encodeResponse,
    encodeStream,
    encodeError,
    encodeStreamError,
    heartbeat: { event: 'ping', data: '{"type":"ping"}' },
  },
  upstream: {
    rules: rulesFor,
    encodeRequest,
    refit,
    decodeResponse,
    decodeStream,
    continuation,
    decodeError,
    watchStream,
    watchResponse,
  },
};
