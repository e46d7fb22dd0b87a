import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { MjError } from '../errors/mj-error.js';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};
const TAKEN = 'gzip, deflate, br';

/** The codings of a request's body, in lower case and in the order they were applied; none where it is sent as it is. */
export function contentCodings({ headers }: FastifyRequest): string[] {
  const given = headers['content-encoding'];
  if (given === undefined) return [];
  const codings = String(given)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding !== 'identity');
}

/**
 * Decompresses bodies, and refuses unknown codings and more than one coding. The decoder's output, 16 KiB at a time, is subject
 * to the same limits as any body: a decompression bomb ends at the first byte over them.
 */
export function installContentDecoding(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    const codings = contentCodings(request);
    const [coding = ''] = codings;
    if (codings.length === 0 || !hasBody(request)) return done(null, payload);
    const decoder = Object.hasOwn(DECODERS, coding) && codings.length === 1 ? DECODERS[coding]?.() : undefined;
    if (decoder === undefined) {
      void reply.header('accept-encoding', TAKEN);
      const properties = { field: 'content-encoding', contentEncoding: codings.join(', ').slice(0, 64) };
      return done(new MjError('media_type_not_supported', { properties }));
    }
    decode(request.raw, decoder, request.routeOptions.bodyLimit ?? 0);
    done(null, decoder);
  });
}

function decode(raw: IncomingMessage, decoder: Transform, limit: number): void {
  let encoded = 0;
  // Compressed blocks may be empty, so a limit of the output is no limit of the input: the input is counted as well.
  raw.on('data', (chunk: Buffer) => {
    encoded += chunk.length;
    if (encoded > limit) decoder.destroy(new MjError('request_body_too_large'));
  });
  raw.on('error', (error) => decoder.destroy(error));
  raw.on('close', () => {
    if (!raw.complete) decoder.destroy(new MjError('bind_request_body_failed'));
  });
  raw.pipe(decoder);
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
