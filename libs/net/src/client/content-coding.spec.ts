import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decodeContent } from './content-coding.js';

const TEXT = Buffer.from('{"code":1,"result":"17"}');
const LIMIT = 1_000;

describe('a body in a coding', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
    ['identity', TEXT],
    ['', TEXT],
    [undefined, TEXT],
    [undefined, gzipSync(TEXT)],
    ['identity', gzipSync(TEXT)],
  ])('%s is read', async (encoding, body) => {
    await expect(decodeContent(body, encoding, LIMIT)).resolves.toEqual(TEXT);
  });

  it.each(['gzip', 'br', undefined])('may be empty: %s', async (encoding) => {
    await expect(decodeContent(Buffer.alloc(0), encoding, LIMIT)).resolves.toHaveLength(0);
  });

  const zeros = Buffer.alloc(64 * 1024 * 1024);
  it.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', brotliCompressSync(zeros)],
    ['gzip, gzip', gzipSync(gzipSync(zeros))],
    ['br, gzip', gzipSync(brotliCompressSync(zeros))],
  ])('%s that is a bomb is given up at the limit', async (encoding, body) => {
    await expect(decodeContent(body, encoding, 4 * 1024 * 1024)).rejects.toMatchObject({ kind: 'too_large' });
  });

  it.each([
    ['zstd', TEXT],
    ['compress', TEXT],
    ['gzip', TEXT],
    ['br', TEXT],
    ['gzip', gzipSync(TEXT).subarray(0, 20)],
    ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(TEXT)))],
  ])('%s that cannot be read says so', async (encoding, body) => {
    await expect(decodeContent(body, encoding, LIMIT)).rejects.toMatchObject({ kind: 'encoding', phase: 'body' });
  });
});
