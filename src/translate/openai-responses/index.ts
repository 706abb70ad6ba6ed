import type { Dialect } from '../dialect.ts';
import { carriesCitation } from './citations.ts';
import { decodeError } from './decode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse, watchResponse } from './decode-response.ts';
import { decodeStream } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream } from './encode-stream.ts';
import { encodeError, encodeStreamError } from './errors.ts';
import { refit } from './refit.ts';
import { responsesRules } from './rules.ts';
import { carriesOpaque } from './server-tools.ts';
import { watchStream } from './watch-stream.ts';
import { DIALECT } from './wire.ts';

/** The `openai-responses` dialect. */
export const openaiResponses: Dialect = {
  id: DIALECT,
  client: {
    decodeRequest,
    carriesCitation,
    carriesOpaque,
    carriesMedia: ({ kind, source }) => kind === 'image' && source.type === 'base64',
    encodeResponse,
    encodeStream,
    encodeError,
    encodeStreamError,
    heartbeat: 'comment',
  },
  upstream: {
    rules: responsesRules,
    encodeRequest,
    refit,
    decodeResponse,
    decodeStream,
    decodeError,
    watchStream,
    watchResponse,
  },
};
