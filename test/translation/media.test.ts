import { describe, expect, test } from 'bun:test';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { ask, type Parsed, SONNET } from '../support/translate-as.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const JPEG = '/9j/4AAQSkZJRg==';
const PDF = 'JVBERi0xLjQ=';
const WAV = 'UklGRiQAAABXQVZFZm10IA==';
const LINK = 'https://pictures.example/a.png';

const MODELS = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  'anthropic-messages': SONNET,
  gemini: 'gemini-3-pro-preview',
} as const;
type Target = keyof typeof MODELS;
const TARGETS = Object.keys(MODELS) as Target[];

/** How each dialect says the things that can be said in all of them. */
const SAID: { readonly [from in Target]: (what: 'image' | 'pdf') => object } = {
  'openai-chat': (what) =>
    what === 'image'
      ? { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }
      : { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
  'openai-responses': (what) =>
    what === 'image'
      ? { type: 'input_image', image_url: `data:image/png;base64,${PNG}` }
      : { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
  'anthropic-messages': (what) =>
    what === 'image'
      ? { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }
      : { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: PDF } },
  gemini: (what) => ({
    inlineData: what === 'image' ? { mimeType: 'image/png', data: PNG } : { mimeType: 'application/pdf', data: PDF },
  }),
};

/** A request whose user says one thing. */
function saying(from: DialectId, part: object): object {
  if (from === 'gemini') return { contents: [{ role: 'user', parts: [part] }] };
  if (from === 'openai-responses') return { input: [{ role: 'user', content: [part] }] };
  return { max_tokens: 99, messages: [{ role: 'user', content: [part] }] };
}

/** What a target was told in the last turn of its user. */
function told(to: Target, body: Parsed): Parsed {
  if (to === 'gemini') return body.contents.at(-1).parts;
  const turn = (to === 'openai-responses' ? body.input : body.messages).at(-1);
  return turn.content;
}

const say = (from: Target, to: Target, part: object) => {
  const { body, lost } = ask(from, to, saying(from, part), MODELS[to]);
  return { told: told(to, body), lost };
};

describe('what a user shows', () => {
  for (const from of TARGETS) {
    for (const to of TARGETS.filter((target) => target !== from)) {
      for (const what of ['image', 'pdf'] as const) {
        test(`${what} from ${from} to ${to}`, () => {
          const { told, lost } = say(from, to, SAID[from](what));
          const expected: Parsed = SAID[to](what);
          // names that nobody gave
          const named = from === 'gemini' ? JSON.parse(JSON.stringify(told).replaceAll('document.pdf', 'a.pdf')) : told;
          if (from === 'gemini' && to === 'anthropic-messages') delete expected.title;
          if (to === 'openai-responses' && what === 'image') expected.detail = 'auto';
          expect(named).toEqual([expected]);
          expect(lost).toEqual([]);
        });
      }
    }
  }

  test.each<[string, Target, object, Target, object]>([
    [
      'an image under a wrong type has the type of its bytes for Claude',
      'openai-chat',
      { type: 'image_url', image_url: { url: `data:image/png;base64,${JPEG}` } },
      'anthropic-messages',
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: JPEG } },
    ],
    [
      'an image without a type is known by its bytes',
      'gemini',
      { inlineData: { data: PNG } },
      'anthropic-messages',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
    ],
    [
      'a PDF that is called an image is a document',
      'openai-chat',
      { type: 'image_url', image_url: { url: `data:application/pdf;base64,${PDF}` } },
      'anthropic-messages',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } },
    ],
    [
      'a file without a type is known by its name',
      'openai-chat',
      { type: 'file', file: { filename: 'a.csv', file_data: 'YSxi' } },
      'anthropic-messages',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' }, title: 'a.csv' },
    ],
    [
      'a document that is text is text where documents are not',
      'anthropic-messages',
      { type: 'document', title: 't', context: 'c', source: { type: 'text', media_type: 'text/plain', data: 'abc' } },
      'openai-responses',
      { type: 'input_text', text: 't\n\nc\n\nabc' },
    ],
    [
      'an object is text for Gemini, which does not know its type',
      'openai-responses',
      { type: 'input_file', filename: 'a.json', file_data: 'e30=' },
      'gemini',
      { inlineData: { mimeType: 'text/plain', data: 'e30=' } },
    ],
    [
      'a sound is heard by Gemini',
      'openai-chat',
      { type: 'input_audio', input_audio: { data: WAV, format: 'wav' } },
      'gemini',
      { inlineData: { mimeType: 'audio/wav', data: WAV } },
    ],
    [
      'a sound is heard by a chat model',
      'gemini',
      { inlineData: { mimeType: 'audio/mp3', data: 'AAAA' } },
      'openai-chat',
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
    ],
    [
      'a film is seen by Gemini',
      'openai-chat',
      { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } },
      'gemini',
      { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } },
    ],
    [
      'the fineness of a look is kept',
      'gemini',
      { inlineData: { mimeType: 'image/png', data: PNG }, mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' } },
      'openai-chat',
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'low' } },
    ],
    [
      'a link stays a link for Claude',
      'openai-responses',
      { type: 'input_image', image_url: LINK },
      'anthropic-messages',
      { type: 'image', source: { type: 'url', url: LINK } },
    ],
    [
      'a link to a document stays one',
      'anthropic-messages',
      { type: 'document', source: { type: 'url', url: 'https://x.example/a.pdf' } },
      'openai-responses',
      { type: 'input_file', file_url: 'https://x.example/a.pdf' },
    ],
  ])('%s', (_name, from, part, to, expected) => {
    expect(say(from, to, part)).toEqual({ told: [expected], lost: [] });
  });

  test.each<[string, Target, object, Target, string, string[]]>([
    [
      'sound',
      'gemini',
      { inlineData: { mimeType: 'audio/wav', data: WAV } },
      'anthropic-messages',
      'audio',
      ['part=audio'],
    ],
    [
      'sound',
      'openai-chat',
      { type: 'input_audio', input_audio: { data: WAV } },
      'openai-responses',
      'audio',
      ['part=audio'],
    ],
    [
      'rare sound',
      'gemini',
      { inlineData: { mimeType: 'audio/flac', data: 'AAAA' } },
      'openai-chat',
      'audio',
      ['part=audio'],
    ],
    [
      'a page with a film',
      'gemini',
      { fileData: { fileUri: 'https://youtu.be/abc' }, videoMetadata: { fps: 2 } },
      'openai-chat',
      'video https://youtu.be/abc',
      ['part=video'],
    ],
  ])('%s from %s is words where it is not taken', (_name, from, part, to, label, lost) => {
    const { told, lost: losses } = say(from, to, part);
    const words = `[${label} left out: it cannot be read here]`;
    expect(typeof told === 'string' ? told : told[0].text).toBe(words);
    expect(losses).toEqual(lost);
  });

  test('what was wished about a document is named where it cannot be', () => {
    const document = {
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: PDF },
      title: 'a.pdf',
      context: 'from my desk',
      citations: { enabled: true },
    };
    for (const to of TARGETS.filter((target) => target !== 'anthropic-messages')) {
      expect(say('anthropic-messages', to, document).lost).toEqual(['document.context', 'document.citations']);
    }
  });

  test.each<[Target, object, Target]>([
    ['openai-chat', { type: 'file', file: { file_id: 'file-1' } }, 'anthropic-messages'],
    ['openai-responses', { type: 'input_image', file_id: 'file-1' }, 'gemini'],
    ['anthropic-messages', { type: 'image', source: { type: 'file', file_id: 'file_1' } }, 'openai-chat'],
    ['anthropic-messages', { type: 'document', source: { type: 'file', file_id: 'file_1' } }, 'gemini'],
    ['gemini', { fileData: { fileUri: 'gs://bucket/a.png', mimeType: 'image/png' } }, 'openai-responses'],
    [
      'gemini',
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc', mimeType: 'image/png' } },
      'anthropic-messages',
    ],
  ])('what lies with the vendor of %s is refused for another', (from, part, to) => {
    expect(() => say(from, to, part)).toThrow(/lies (at|with) another|uploaded to another|another vendor/);
  });
});
