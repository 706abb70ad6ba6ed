import { isLink } from '../canonical/citation.ts';
import type { Dialect } from '../dialect.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse, imageOf, soundOf } from './encode-response.ts';
import { encodeStream } from './encode-stream.ts';
import { decodeError, encodeError, encodeStreamError } from './errors.ts';
import { refit } from './refit.ts';
import { rulesFor } from './rules.ts';
import { watchResponse, watchStream } from './watch-stream.ts';

/** The `openai-chat` dialect. */
export const openaiChat: Dialect = {
  id: 'openai-chat',
  choices: { list: 'choices', usage: 'usage' },
  client: {
    decodeRequest,
    carriesCitation: isLink,
    // nothing of what a vendor's own tool did has a place in a message, but for the sources it found
    carriesOpaque: () => false,
    carriesMedia: (part) => imageOf(part) !== undefined || soundOf(part) !== undefined,
    encodeResponse,
    encodeStream,
    encodeError,
    encodeStreamError,
    heartbeat: 'comment',
  },
  upstream: {
    rules: rulesFor,
    encodeRequest,
    refit,
    decodeResponse,
    decodeStream,
    decodeError,
    watchStream,
    watchResponse,
  },
};
