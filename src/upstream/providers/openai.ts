import { bearer } from '../authorize.ts';
import { joinUrl } from '../join-url.ts';
import { listOpenAiModels } from '../list-models.ts';
import type { Provider } from '../provider.ts';
import { openAiSides } from '../side-endpoint.ts';

/** Models whose reasoning survives a foreign client only in the Responses dialect. */
const REASONING_MODEL = /^(?:gpt-(?:[5-9]|\d{2})|o\d)/;

/** Models that no chat, completion or response can be asked of. */
const OTHER_PURPOSE =
  /embedding|moderation|whisper|transcribe|realtime|(?:^|-)tts(?:-|$)|^(?:dall-e|sora|gpt-image|chatgpt-image)/;

/** The models that complete a text and do not chat. */
const BASE_MODEL = /-instruct|^(?:davinci|babbage)-/;

/** OpenAI. https://platform.openai.com/docs/api-reference */
export const openai: Provider = {
  id: 'openai',
  title: 'OpenAI',
  defaultBaseUrl: 'https://api.openai.com/v1',
  endpoints: [
    { dialect: 'openai-chat', url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/chat/completions') },
    {
      dialect: 'openai-responses',
      url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/responses'),
      countUrl: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/responses/input_tokens'),
    },
    {
      dialect: 'openai-completions',
      url: ({ baseUrl }) => joinUrl(baseUrl, 'v1', '/completions'),
      servesModel: (model) => BASE_MODEL.test(model),
      passesOnly: true,
    },
  ],
  preferredDialect: (model) => (REASONING_MODEL.test(model) ? 'openai-responses' : 'openai-chat'),
  sides: openAiSides(),
  needsCredential: true,
  authorize: bearer,
  quirks: () => ({}),
  listModels: async (send, account, signal) => {
    const models = await listOpenAiModels({ provider: openai, send, account, signal });
    return models.filter(({ id }) => !OTHER_PURPOSE.test(id));
  },
};
