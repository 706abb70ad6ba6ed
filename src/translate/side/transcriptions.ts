import { GatewayError, invalidRequest } from '../../base/gateway-error.ts';
import { asString, type JsonObject } from '../../base/json.ts';
import { dropped, type Loss } from '../loss.ts';
import { inputTokensOf, readGeminiUsage, readParts, writeUsage } from './gemini-answer.ts';
import { readFlag, readNumber, type SideFile, type SideInput } from './side-input.ts';
import { eventAnswer, type ForeignSide, jsonAnswer, type SideAnswer, type SideTranslation } from './side-operation.ts';

const TRANSCRIBE = 'Transcribe the recording word by word. Answer with the words that are spoken and nothing else.';
const TRANSLATE =
  'Translate what is spoken in the recording into English. Answer with the translation and nothing else.';
/** Forms of the answer that words alone can be put in; the others tell times, which the model would only guess. */
const FORMATS = ['json', 'text'];
/** Fields that ask for what the model cannot tell. */
export const LOST_RECORDING_FIELDS = [
  'timestamp_granularities',
  'include',
  'known_speaker_names',
  'known_speaker_references',
];

/** The types of recordings by the ending of their files, as Gemini names them. https://ai.google.dev/gemini-api/docs/audio#supported-formats */
const AUDIO_TYPES: { readonly [ending: string]: string } = {
  mp3: 'audio/mp3',
  mpga: 'audio/mp3',
  mpeg: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  mp4: 'audio/mp4',
  webm: 'audio/webm',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  flac: 'audio/flac',
  aac: 'audio/aac',
  aiff: 'audio/aiff',
};

/** OpenAI's transcription asked of Gemini. https://platform.openai.com/docs/api-reference/audio/createTranscription */
export const transcriptionsFromGemini: ForeignSide = {
  resource: 'generate-content',
  translate: (input) => translateRecording(input, TRANSCRIBE),
};

/** OpenAI's translation into English asked of Gemini. https://platform.openai.com/docs/api-reference/audio/createTranslation */
export const translationsFromGemini: ForeignSide = {
  resource: 'generate-content',
  translate: (input) => translateRecording(input, TRANSLATE),
};

function translateRecording({ fields, files }: SideInput, task: string): SideTranslation {
  const file = files.find(({ field }) => field === 'file');
  if (file === undefined) throw invalidRequest('The field "file" is missing: give the recording.', 'file');
  const format = asString(fields.response_format) ?? 'json';
  if (!FORMATS.includes(format)) {
    const words = `The response_format "${format}" tells times, which this upstream cannot; use json or text.`;
    throw new GatewayError('translation-refused', words, { param: 'response_format' });
  }
  const temperature = readNumber(fields.temperature);
  const data = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength).toString('base64');
  const parts = [{ text: instruct(task, fields) }, { inlineData: { mimeType: typeOf(file), data } }];
  return {
    requests: [
      {
        contents: [{ role: 'user', parts }],
        ...(temperature === undefined ? {} : { generationConfig: { temperature } }),
      },
    ],
    losses: listLosses(fields),
    decode: (answers) => writeTranscript(answers, format, readFlag(fields.stream)),
  };
}

function instruct(task: string, fields: JsonObject): string {
  const language = asString(fields.language);
  const hint = asString(fields.prompt);
  return [
    task,
    ...(language === undefined || language === '' ? [] : [`The language is "${language}".`]),
    ...(hint === undefined || hint === '' ? [] : [`Words that may occur, and how they are written: ${hint}`]),
  ].join('\n');
}

function listLosses(fields: JsonObject): readonly Loss[] {
  return LOST_RECORDING_FIELDS.filter((field) => fields[field] !== undefined).map((field) =>
    dropped(field, 'The upstream tells the words only.'),
  );
}

/** The ending tells more than what libraries guess for the form. */
function typeOf({ name, mimeType }: SideFile): string {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(AUDIO_TYPES, ending) ? AUDIO_TYPES[ending] : undefined;
  return known ?? (/^(?:audio|video)\//.test(mimeType) ? mimeType : 'audio/mp3');
}

function writeTranscript(answers: readonly JsonObject[], format: string, stream: boolean): SideAnswer {
  const text = answers
    .map((answer) => readParts(answer).text)
    .join('')
    .trim();
  const usage = readGeminiUsage(answers);
  if (format === 'text') {
    return { body: `${text}\n`, contentType: 'text/plain; charset=utf-8', ...(usage === undefined ? {} : { usage }) };
  }
  const details = { audio_tokens: inputTokensOf(answers, 'AUDIO'), text_tokens: inputTokensOf(answers, 'TEXT') };
  const told =
    usage === undefined ? {} : { usage: { type: 'tokens', ...writeUsage(usage), input_token_details: details } };
  if (!stream) return jsonAnswer({ text, ...told }, usage);
  const delta = { type: 'transcript.text.delta', delta: text };
  return eventAnswer([delta, { type: 'transcript.text.done', text, ...told }], usage);
}
