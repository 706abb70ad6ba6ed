import { GatewayError } from '../../base/gateway-error.ts';
import { asObject, asString, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { AnswerMedia, CanonicalRequest } from '../canonical/request.ts';
import { approximated, type Loss } from '../loss.ts';

/** What else than text the answer shall hold. https://ai.google.dev/api/generate-content#generationconfig */
export function readAnswerMedia(config: JsonObject): AnswerMedia | undefined {
  const kinds = modalitiesOf(config);
  const voice = voiceOf(config.speechConfig);
  const shape = asObject(config.imageConfig);
  const aspect = asString(shape?.aspectRatio);
  const size = asString(shape?.imageSize);
  const image = { ...(aspect === undefined ? {} : { aspect }), ...(size === undefined ? {} : { size }) };
  const media: AnswerMedia = {
    ...(kinds.includes('AUDIO') ? { audio: voice === undefined ? {} : { voice } } : {}),
    ...(kinds.includes('IMAGE') ? { image } : {}),
  };
  return media.audio === undefined && media.image === undefined ? undefined : media;
}

/** Whether a field of the configuration is told in full by what `readAnswerMedia` made of it. */
export function isAnswerMedia(field: string, config: JsonObject): boolean {
  const kinds = modalitiesOf(config);
  switch (field) {
    case 'responseModalities':
      return kinds.length > 0;
    case 'imageConfig':
      return kinds.includes('IMAGE');
    case 'speechConfig':
      return kinds.includes('AUDIO') && voiceOf(config.speechConfig) !== undefined;
    default:
      return false;
  }
}

const KINDS: ReadonlySet<string> = new Set(['TEXT', 'IMAGE', 'AUDIO']);

function modalitiesOf({ responseModalities: list }: JsonObject): readonly string[] {
  const kinds = (Array.isArray(list) ? list : []).map((kind: Json) => asString(kind)?.toUpperCase() ?? '');
  return kinds.every((kind) => KINDS.has(kind)) ? kinds : [];
}

/** The one voice of a speech that has no other wishes. */
function voiceOf(speech: Json | undefined): string | undefined {
  const config = asObject(speech);
  const voice = asString(asObject(asObject(config?.voiceConfig)?.prebuiltVoiceConfig)?.voiceName);
  return Object.keys(config ?? {}).length === 1 ? voice : undefined;
}

/** Voices of other vendors, whose names Gemini does not know: its own begin with a capital. */
const IS_VOICE = /^[A-Z][a-z]+$/;
/** Forms that bare sound can be given in. */
const FORMATS: ReadonlySet<string> = new Set(['wav', 'pcm16']);

/** Writes the wish for sound and pictures. Throws `translation-refused` for sound in a form that it cannot be given in. */
export function writeAnswerMedia({ answerMedia }: CanonicalRequest, config: JsonDraft, losses: Loss[]): void {
  if (answerMedia === undefined) return;
  const { image, audio } = answerMedia;
  // sound comes alone
  config.responseModalities = audio !== undefined ? ['AUDIO'] : ['TEXT', 'IMAGE'];
  if (image?.aspect !== undefined || image?.size !== undefined) {
    config.imageConfig = {
      ...(image.aspect === undefined ? {} : { aspectRatio: image.aspect }),
      ...(image.size === undefined ? {} : { imageSize: image.size }),
    };
  }
  if (audio === undefined) return;
  if (audio.format !== undefined && !FORMATS.has(audio.format)) {
    throw new GatewayError(
      'translation-refused',
      `Gemini's sound can be given as wav or pcm16, not as ${audio.format}.`,
      {
        param: 'audio.format',
      },
    );
  }
  if (audio.voice === undefined) return;
  if (IS_VOICE.test(audio.voice)) {
    config.speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: audio.voice } } };
  } else losses.push(approximated('voice', 'The target has no such voice; it speaks with its own.'));
}
