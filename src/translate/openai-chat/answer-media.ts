import { asObject, asString, type JsonObject } from '../../base/json.ts';
import type { AnswerMedia } from '../canonical/request.ts';
import { approximated } from '../loss.ts';
import type { Encoding } from './encoding.ts';

/** What else than text the answer shall hold; `undefined` for text alone, and for words that mean nothing here. */
export function readAnswerMedia(body: JsonObject): AnswerMedia | undefined {
  const { modalities } = body;
  if (!Array.isArray(modalities) || !modalities.every((one) => KINDS.has(one as string))) return undefined;
  const audio = asObject(body.audio);
  const shape = asObject(body.image_config);
  const media: AnswerMedia = {
    ...(modalities.includes('audio')
      ? { audio: { ...optional('voice', asString(audio?.voice)), ...optional('format', asString(audio?.format)) } }
      : {}),
    ...(modalities.includes('image')
      ? {
          image: {
            ...optional('aspect', asString(shape?.aspect_ratio)),
            ...optional('size', asString(shape?.image_size)),
          },
        }
      : {}),
  };
  return media.audio === undefined && media.image === undefined ? undefined : media;
}

const KINDS: ReadonlySet<string> = new Set(['text', 'audio', 'image']);

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
}

/** Voices of OpenAI. https://platform.openai.com/docs/guides/text-to-speech#voice-options */
const VOICES: ReadonlySet<string> = new Set(
  'alloy ash ballad coral echo fable nova onyx sage shimmer verse marin cedar'.split(' '),
);
const USUAL_VOICE = 'alloy';

/** The wish for sound and pictures. https://platform.openai.com/docs/api-reference/chat/create#chat-create-modalities */
export function encodeAnswerMedia({ request, losses }: Encoding): JsonObject {
  const media = request.answerMedia;
  if (media === undefined) return {};
  const modalities = [media.image && 'image', 'text', media.audio && 'audio'].filter((kind) => kind !== undefined);
  return {
    modalities,
    ...(media.audio === undefined ? {} : { audio: encodeSound(media.audio, request.stream, losses) }),
    ...encodeShape(media.image),
  };
}

function encodeSound(
  { voice, format }: AnswerMedia['audio'] & {},
  stream: boolean,
  losses: Encoding['losses'],
): JsonObject {
  const isKnown = voice === undefined || VOICES.has(voice);
  if (!isKnown) losses.push(approximated('voice', 'The target has no such voice; it speaks with its own.'));
  // a stream has bare sound only, and what asked without a format takes that
  const taken = stream ? 'pcm16' : (format ?? 'pcm16');
  return { voice: isKnown && voice !== undefined ? voice : USUAL_VOICE, format: taken };
}

/** OpenRouter's. https://openrouter.ai/docs/features/multimodal/image-generation */
function encodeShape(image: AnswerMedia['image']): JsonObject {
  const shape = { ...optional('aspect_ratio', image?.aspect), ...optional('image_size', image?.size) };
  return Object.keys(shape).length === 0 ? {} : { image_config: shape };
}
