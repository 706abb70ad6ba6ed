/** The media type of bare sound as Gemini names it: 16 bits, one channel, and at OpenAI always this rate. */
export const PCM_TYPE = 'audio/L16;codec=pcm;rate=24000';

const USUAL_RATE = 24_000;
const HEADER_BYTES = 44;

/** The rate of bare sound, in samples a second; `undefined` for sound that tells its own form. */
export function rateOfPcm(mimeType: string): number | undefined {
  if (!/^audio\/(?:l16|pcm)\b/i.test(mimeType)) return undefined;
  return Number(/;\s*rate=(\d+)/i.exec(mimeType)?.[1] ?? USUAL_RATE);
}

/** Pieces of base64, each of which may stand for itself, as one. */
export function joinBase64(pieces: readonly string[]): string {
  if (pieces.length === 1) return pieces[0]!;
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))).toString('base64');
}

/** Bare sound as a WAV file. */
export function wavOfPcm(base64: string, rate: number): string {
  const sound = Buffer.from(base64, 'base64');
  return Buffer.concat([wavHeader(rate, sound.length), sound]).toString('base64');
}

/** The beginning of a WAV file whose length nobody knows yet. */
export function openWav(rate: number): string {
  return wavHeader(rate, 0xffffffff - HEADER_BYTES).toString('base64');
}

/** http://soundfile.sapp.org/doc/WaveFormat */
function wavHeader(rate: number, size: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(size + HEADER_BYTES - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(size, 40);
  return header;
}
