import type { Dialect } from '../dialect.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream } from './encode-stream.ts';
import { encodeError, encodeStreamError } from './errors.ts';

/** The `openai-completions` dialect: clients still speak it, upstreams are asked in others. */
export const openaiCompletions: Dialect = {
  id: 'openai-completions',
  choices: { list: 'choices', usage: 'usage' },
  client: {
    decodeRequest,
    carriesCitation: () => false,
    carriesOpaque: () => false,
    carriesMedia: () => false,
    encodeResponse,
    encodeStream,
    encodeError,
    encodeStreamError,
    heartbeat: 'comment',
  },
};
