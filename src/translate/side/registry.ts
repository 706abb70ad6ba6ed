import { batchEmbedContentsFromOpenAi, embedContentFromOpenAi, embeddingsFromGemini } from './embeddings.ts';
import { imageEditsFromGemini, imagesFromGemini } from './images.ts';
import type { SideOperation, SideOperationId } from './side-operation.ts';
import { transcriptionsFromGemini, translationsFromGemini } from './transcriptions.ts';

/** Everything that clients can ask for besides conversations, by its id. */
export const SIDE_OPERATIONS: { readonly [O in SideOperationId]: SideOperation } = {
  embeddings: { id: 'embeddings', title: 'embeddings', dialect: 'openai-chat', foreign: embeddingsFromGemini },
  images: {
    id: 'images',
    title: 'images',
    dialect: 'openai-chat',
    defaultModel: 'gpt-image-1',
    foreign: imagesFromGemini,
  },
  'image-edits': {
    id: 'image-edits',
    title: 'changes of images',
    dialect: 'openai-chat',
    defaultModel: 'gpt-image-1',
    foreign: imageEditsFromGemini,
  },
  'image-variations': {
    id: 'image-variations',
    title: 'variations of images',
    dialect: 'openai-chat',
    defaultModel: 'dall-e-2',
  },
  transcriptions: {
    id: 'transcriptions',
    title: 'transcriptions',
    dialect: 'openai-chat',
    foreign: transcriptionsFromGemini,
  },
  translations: {
    id: 'translations',
    title: 'translations of recordings',
    dialect: 'openai-chat',
    foreign: translationsFromGemini,
  },
  speech: { id: 'speech', title: 'speech', dialect: 'openai-chat' },
  moderations: {
    id: 'moderations',
    title: 'moderation',
    dialect: 'openai-chat',
    defaultModel: 'omni-moderation-latest',
  },
  'embed-content': { id: 'embed-content', title: 'embeddings', dialect: 'gemini', foreign: embedContentFromOpenAi },
  'batch-embed-contents': {
    id: 'batch-embed-contents',
    title: 'embeddings',
    dialect: 'gemini',
    foreign: batchEmbedContentsFromOpenAi,
  },
};
