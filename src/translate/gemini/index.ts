import { isLink } from '../canonical/citation.ts';
import type { Dialect } from '../dialect.ts';
import { continuation } from './continue-request.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream } from './decode-stream.ts';
import { writeAnswerMedia } from './encode-answer-parts.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream } from './encode-stream.ts';
import { encodeError, encodeStreamError } from './errors.ts';
import { decodeError } from './read-error.ts';
import { refit } from './refit.ts';
import { rulesFor } from './rules.ts';
import { watchResponse, watchStream } from './watch-stream.ts';

/** The `gemini` dialect: `generateContent` of the Gemini API and of Vertex AI. */
export const gemini: Dialect = {
  id: 'gemini',
  choices: { list: 'candidates', usage: 'usageMetadata' },
  client: {
    decodeRequest,
    carriesCitation: isLink,
    carriesOpaque: (part) => part.dialect === 'gemini',
    carriesMedia: (part) => writeAnswerMedia(part) !== undefined,
    encodeResponse,
    encodeStream,
    encodeError,
    encodeStreamError,
    // clients of this dialect end their run on a comment
    heartbeat: 'none',
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
