import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { GatewayError, invalidRequest } from '../base/gateway-error.ts';

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const inflateEither: Decode = (bytes, options) =>
  (promisify(inflate) as Decode)(bytes, options).catch((cause) => {
    if (isTooLong(cause)) throw cause;
    // some clients send the raw form under the name that HTTP gives to the wrapped one
    return (promisify(inflateRaw) as Decode)(bytes, options);
  });

/** The encodings a request body may have: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
const DECODERS: { readonly [encoding: string]: Decode } = {
  gzip: promisify(gunzip) as Decode,
  'x-gzip': promisify(gunzip) as Decode,
  br: promisify(brotliDecompress) as Decode,
  zstd: promisify(zstdDecompress) as Decode,
  deflate: inflateEither,
};

/**
 * Reads a request body, decoded, of at most `limit` bytes before and after decoding. Throws `request-too-large`,
 * `unsupported-encoding`, or `invalid-request` for bytes that are not what their encoding says.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? Number.NaN);
  if (declared > limit) throw tooLarge(limit);
  let bytes = Number.isNaN(declared) ? await readCounted(request, limit) : await request.bytes().catch(throwCutOff);
  if (bytes.length > limit) throw tooLarge(limit);
  const encodings = request.headers.get('content-encoding');
  if (encodings === null) return bytes;
  for (const encoding of listEncodings(encodings)) bytes = await decode(bytes, encoding, limit);
  return bytes;
}

/** A body without a length is counted while it comes, so that it cannot fill the memory. */
async function readCounted(request: Request, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of request.body) {
      length += piece.length;
      if (length > limit) break;
      pieces.push(piece);
    }
  } catch (cause) {
    throwCutOff(cause);
  }
  if (length > limit) throw tooLarge(limit);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

function listEncodings(header: string): string[] {
  return header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
}

async function decode(bytes: Uint8Array, encoding: string, limit: number): Promise<Uint8Array> {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined) {
    const known = 'gzip, br, zstd and deflate';
    throw new GatewayError(
      'unsupported-encoding',
      `The content-encoding "${encoding}" is not supported; ${known} are.`,
    );
  }
  try {
    return await decoder(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if (isTooLong(cause)) throw tooLarge(limit);
    throw invalidRequest(`The request body is not valid ${encoding}, though its content-encoding says so.`);
  }
}

function isTooLong(cause: unknown): boolean {
  return cause instanceof RangeError || (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge(limit: number): GatewayError {
  const megabytes = Math.round(limit / 1024 / 1024);
  const remedy = 'The setting max_body_mb raises the limit.';
  return new GatewayError('request-too-large', `The request body is larger than ${megabytes} MB. ${remedy}`);
}

function throwCutOff(cause: unknown): never {
  throw new GatewayError('invalid-request', 'The request body ended before it was complete.', { cause });
}
