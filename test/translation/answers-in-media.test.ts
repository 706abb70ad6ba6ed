import { describe, expect, test } from 'bun:test';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { translateText } from '../../src/translate/translate-text.ts';
import { answer, ask, type Parsed, SONNET, streamed } from '../support/translate-as.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const user = { role: 'user', content: 'go' };
const chat = (more: object) => ({ messages: [user], ...more });
const gemini = (generationConfig: object) => ({
  contents: [{ role: 'user', parts: [{ text: 'go' }] }],
  generationConfig,
});

/** An answer of Gemini, or one chunk of it. */
const said = (...parts: object[]) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
});
const drawn = said({ text: 'Here:' }, { inlineData: { mimeType: 'image/png', data: PNG } });
const bytes = (...values: number[]) => Buffer.from(values).toString('base64');
const pcm = (...values: number[]) => ({
  inlineData: { mimeType: 'audio/L16;codec=pcm;rate=24000', data: bytes(...values) },
});

describe('a wish for sound', () => {
  test('goes from a chat to Gemini, which speaks with its own voice', () => {
    const { body, lost } = ask(
      'openai-chat',
      'gemini',
      chat({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }),
      'gemini-2.5-flash-preview-tts',
    );
    expect(body.generationConfig).toEqual({ responseModalities: ['AUDIO'] });
    expect(lost).toEqual(['voice']);
  });

  test('keeps the name of a voice that Gemini has', () => {
    const { body, lost } = ask(
      'openai-chat',
      'gemini',
      chat({ modalities: ['audio'], audio: { voice: 'Kore', format: 'pcm16' } }),
      'gemini-2.5-flash-preview-tts',
    );
    expect(body.generationConfig.speechConfig).toEqual({ voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } });
    expect(lost).toEqual([]);
  });

  test('goes from Gemini to a chat', () => {
    const speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } };
    const { body, lost } = ask(
      'gemini',
      'openai-chat',
      gemini({ responseModalities: ['AUDIO'], speechConfig }),
      'gpt-audio',
    );
    expect(body).toMatchObject({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } });
    expect(lost).toEqual(['voice']);
  });

  test.each(['anthropic-messages', 'openai-responses'] as const)('is refused for %s', (to) => {
    const sound = chat({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } });
    expect(() => ask('openai-chat', to, sound, SONNET)).toThrow('does not answer in sound');
    expect(() => ask('gemini', to, gemini({ responseModalities: ['AUDIO'] }), SONNET)).toThrow(
      'does not answer in sound',
    );
  });

  test('is refused in a form that Gemini does not give', () => {
    const sound = chat({ modalities: ['audio'], audio: { voice: 'Kore', format: 'mp3' } });
    expect(() => ask('openai-chat', 'gemini', sound)).toThrow('wav or pcm16');
  });
});

describe('a wish for pictures', () => {
  test('goes between servers of chat and Gemini with its shape', () => {
    const shape = { aspect_ratio: '16:9', image_size: '2K' };
    const asked = chat({ modalities: ['image', 'text'], image_config: shape });
    const { body, lost } = ask('openai-chat', 'gemini', asked, 'gemini-3-pro-image-preview');
    expect(body.generationConfig).toEqual({
      responseModalities: ['TEXT', 'IMAGE'],
      imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
    });
    expect(lost).toEqual([]);
  });

  test('becomes the tool that draws, at Responses', () => {
    const { body, lost } = ask(
      'gemini',
      'openai-responses',
      gemini({ responseModalities: ['TEXT', 'IMAGE'] }),
      'gpt-5',
    );
    expect(body.tools).toEqual([{ type: 'image_generation' }]);
    expect(lost).toEqual([]);
  });

  test.each(['anthropic-messages', 'openai-chat'] as const)('is lost where nothing draws, as at %s', (to) => {
    const { body, lost } = ask('gemini', to, gemini({ responseModalities: ['TEXT', 'IMAGE'] }), SONNET);
    expect(lost).toEqual(['modalities']);
    expect(body.modalities).toBeUndefined();
  });

  test('for text alone is none', () => {
    expect(ask('gemini', 'anthropic-messages', gemini({ responseModalities: ['Text'] }), SONNET).lost).toEqual([]);
    expect(ask('openai-chat', 'gemini', chat({ modalities: ['text'] })).body.generationConfig).toBeUndefined();
  });
});

describe('a picture in an answer of Gemini', () => {
  const url = `data:image/png;base64,${PNG}`;

  test('is among the images of a chat message', () => {
    const { message } = answer('gemini', 'openai-chat', drawn).choices[0];
    expect(message).toMatchObject({ content: 'Here:', images: [{ type: 'image_url', index: 0, image_url: { url } }] });
    const deltas = streamed('gemini', 'openai-chat', [drawn], { model: 'm', stream: true, messages: [user] });
    const images = deltas.flatMap((chunk) => chunk.choices[0]?.delta.images ?? []);
    expect(images).toEqual([{ type: 'image_url', index: 0, image_url: { url } }]);
  });

  test('is an item of a response', () => {
    const { output } = answer('gemini', 'openai-responses', drawn);
    expect(output[1]).toMatchObject({
      type: 'image_generation_call',
      status: 'completed',
      result: PNG,
      output_format: 'png',
    });
    const events = streamed('gemini', 'openai-responses', [drawn], { model: 'm', stream: true, input: 'go' });
    const about = events.filter((event) => event.output_index === 1).map((event) => event.type);
    expect(about).toEqual([
      'response.output_item.added',
      'response.image_generation_call.in_progress',
      'response.image_generation_call.generating',
      'response.image_generation_call.completed',
      'response.output_item.done',
    ]);
    const { id: _minted, ...item } = output[1];
    expect(events.at(-1).response.output[1]).toMatchObject(item);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
  });

  test('is words for Claude, and a loss', () => {
    const read = (kind: 'response' | 'stream', body: string) =>
      translateText({ kind, from: 'gemini', to: 'anthropic-messages', body }, 0);
    const whole = read('response', JSON.stringify(drawn));
    expect(JSON.parse(whole.output).content.at(-1).text).toContain('image');
    expect(whole.losses.map((loss) => loss.field)).toEqual(['part=image']);
    const stream = read('stream', `data: ${JSON.stringify(drawn)}\n\n`);
    expect(stream.losses.map((loss) => loss.field)).toEqual(['part=image']);
    expect(stream.output).not.toContain(PNG);
  });

  test('that is only a thought is not shown', () => {
    const sketch = { thought: true, inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const { message } = answer('gemini', 'openai-chat', said(sketch, { text: 'done' })).choices[0];
    expect(message.images).toBeUndefined();
  });
});

describe('sound in an answer', () => {
  const asked = (format: string, stream = false) => ({
    model: 'm',
    stream,
    messages: [user],
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format },
  });
  const heard = (data: string) => [...Buffer.from(data, 'base64')];

  test('of Gemini is a file for who asked for one', () => {
    const { audio } = answer('gemini', 'openai-chat', said(pcm(1, 2), pcm(3, 4)), asked('wav')).choices[0].message;
    const file = Buffer.from(audio.data, 'base64');
    expect(file.subarray(0, 4).toString()).toBe('RIFF');
    expect(file.subarray(8, 16).toString()).toBe('WAVEfmt ');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.readUInt32LE(24)).toBe(24_000);
    expect(file.readUInt32LE(40)).toBe(4);
    expect([...file.subarray(44)]).toEqual([1, 2, 3, 4]);
  });

  test('of Gemini is bare for who asked for that, whole and in pieces', () => {
    const { audio } = answer('gemini', 'openai-chat', said(pcm(1, 2), pcm(3, 4)), asked('pcm16')).choices[0].message;
    expect(heard(audio.data)).toEqual([1, 2, 3, 4]);
    const chunks = streamed('gemini', 'openai-chat', [said(pcm(1, 2)), said(pcm(3, 4))], asked('pcm16', true));
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.audio?.data ?? []);
    expect(pieces.flatMap(heard)).toEqual([1, 2, 3, 4]);
  });

  test('in a stream begins a file once', () => {
    const chunks = streamed('gemini', 'openai-chat', [said(pcm(1, 2)), said(pcm(3, 4))], asked('wav', true));
    const file = chunks.flatMap((chunk) => chunk.choices[0]?.delta.audio?.data ?? []).flatMap(heard);
    expect(Buffer.from(file.slice(0, 4)).toString()).toBe('RIFF');
    expect(file.slice(44)).toEqual([1, 2, 3, 4]);
  });

  const spoken = (data: string): Parsed => ({
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, audio: { id: 'a', data, expires_at: 1, transcript: 'hi' } },
        finish_reason: 'stop',
      },
    ],
  });

  test('of a chat is bare for Gemini clients, with its words', () => {
    const { parts } = answer('openai-chat', 'gemini', spoken(bytes(1, 2)), gemini({ responseModalities: ['AUDIO'] }))
      .candidates[0].content;
    expect(parts).toEqual([{ text: 'hi' }, pcm(1, 2)]);
  });

  test('that nobody asked for is words where it cannot be given', () => {
    for (const to of ['anthropic-messages', 'openai-responses'] as DialectId[]) {
      const { output, losses } = translateText(
        { kind: 'response', from: 'gemini', to, body: JSON.stringify(said(pcm(1, 2))) },
        0,
      );
      expect(output).toContain('audio');
      expect(losses.map((loss) => loss.field)).toEqual(['part=audio']);
    }
  });
});
