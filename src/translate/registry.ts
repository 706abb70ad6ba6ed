import { anthropicMessages } from './anthropic-messages/index.ts';
import type { Dialect, PassingCodec } from './dialect.ts';
import type { DialectId } from './dialect-id.ts';
import { gemini } from './gemini/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

/** Every dialect by its id. */
export const DIALECTS: { readonly [D in DialectId]: Dialect } = {
  'openai-chat': openaiChat,
  // its errors and its chunks are those of chat, as far as anybody looks at them
  'openai-completions': { ...openaiCompletions, passing: openaiChat.upstream! },
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
};

/** What reads the answers of an upstream that pass. */
export function passingHalf(dialect: Dialect): PassingCodec {
  const codec = dialect.upstream ?? dialect.passing;
  if (codec === undefined) throw new Error(`dialect ${dialect.id} has no upstream half`);
  return codec;
}
