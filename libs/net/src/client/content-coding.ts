import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { OutboundError } from './outbound-error.js';

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const inflateAny: Decode = (body, options) => promisify(hasZlibHeader(body) ? inflate : inflateRaw)(body, options);
const CODINGS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  // Some servers send raw deflate under this name, others zlib (RFC 9110, 8.4.1.2).
  ['deflate', inflateAny],
  ['br', promisify(brotliDecompress)],
]);
/** Codings over one another; two are rare, and more are an attack. */
const MAX_CODINGS = 2;
const ZLIB_DEFLATE = 0x08;
const ZLIB_CHECK = 31;

/**
 * Decodes an answer's body, for servers that compress although they were asked not to. A body in gzip is decoded also where
 * no header says so. The work is done off the event loop, and ends at `maxBytes`.
 *
 * @param encoding the Content-Encoding header
 * @throws OutboundError `encoding` for an unknown coding or bytes that it cannot decode; `too_large`
 */
export async function decodeContent(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (body.length === 0) return body;
  const named = (encoding ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  const codings = named.filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return isGzip(body) ? decode(body, 'gzip', maxBytes) : body;
  if (codings.length > MAX_CODINGS) throw new OutboundError('encoding', 'body');
  let decoded = body;
  for (const coding of codings.reverse()) decoded = await decode(decoded, coding, maxBytes);
  return decoded;
}

async function decode(body: Buffer, coding: string, maxBytes: number): Promise<Buffer> {
  const work = CODINGS.get(coding);
  if (work === undefined) throw new OutboundError('encoding', 'body');
  try {
    return await work(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw new OutboundError(isTooLong(error) ? 'too_large' : 'encoding', 'body');
  }
}

/** Not instanceof: errors of Node's core belong to another realm under a test runner. */
function isTooLong(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** Whether the first two bytes are a header of RFC 1950: deflate, and a checksum over both. */
function hasZlibHeader(body: Buffer): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === ZLIB_DEFLATE && ((first << 8) | second) % ZLIB_CHECK === 0;
}
