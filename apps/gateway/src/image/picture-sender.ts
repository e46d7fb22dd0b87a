import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { FileMissingError, PictureReader, type ByteSpan } from '#libs/assets';
import { namesEtag } from '../http/headers/entity-tag.js';
import { MjError } from '../http/errors/mj-error.js';
import { ResourceGauges } from '../traffic/resource-gauges.js';
import { parseRange } from './byte-range.js';
import type { ServedPicture } from './served-picture.js';

type ServedFile = Extract<ServedPicture, { kind: 'file' }>;
type ServedStream = Extract<ServedPicture, { kind: 'stream' }>;

/**
 * Headers of every answer of these routes. The bytes come from upstreams: no browser may run any of them. Every origin may read
 * them, as pages draw them on a canvas.
 */
const SAFETY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'referrer-policy': 'no-referrer',
} as const;

const FOR_EVER = 'public, max-age=31536000, immutable';
const NOT_NOW = 'no-store';

/** Writes pictures to a reply: conditions, ranges, HEAD, headers. Files are streamed, never held. */
@Injectable()
export class PictureSender {
  private readonly log = new Logger(PictureSender.name);

  private open = 0;

  constructor(
    private readonly pictures: PictureReader,
    gauges: ResourceGauges,
  ) {
    gauges.add({ name: 'picture_files', limit: null, used: () => this.open });
  }

  /** Sets the headers of every answer of these routes, errors too: nothing in it may run, and no cache keeps it. */
  protect(reply: FastifyReply): void {
    reply.headers({ ...SAFETY_HEADERS, 'cache-control': NOT_NOW });
  }

  /** Sends a picture with a reply that is protected. */
  async send(request: FastifyRequest, reply: FastifyReply, picture: ServedPicture): Promise<void> {
    if (picture.kind === 'file') return this.sendFile(request, reply, picture);
    if (picture.kind === 'stream') return this.sendStream(request, reply, picture);
    reply.headers({ ...describe(picture), 'content-length': picture.body.length });
    await reply.send(picture.body);
  }

  /** Streams a picture from its origin, without ranges; no cache may keep it. */
  private async sendStream(request: FastifyRequest, reply: FastifyReply, picture: ServedStream): Promise<void> {
    const { body, bytes } = picture;
    request.life.onEnd(() => body.destroy());
    if (request.life.hasEnded) return;
    reply.headers({ ...describe(picture), ...(bytes === null ? {} : { 'content-length': bytes }) });
    if (request.method !== 'HEAD') return void (await reply.send(body));
    body.destroy();
    await reply.send(Readable.from([]));
  }

  private async sendFile(request: FastifyRequest, reply: FastifyReply, picture: ServedFile): Promise<void> {
    const { etag, bytes } = picture;
    const caching = picture.isFinal ? FOR_EVER : NOT_NOW;
    const isHead = request.method === 'HEAD';
    if (namesEtag(request.headers['if-none-match'], etag)) {
      await reply
        .code(304)
        .headers({ etag, 'cache-control': caching })
        .send(isHead ? Readable.from([]) : undefined);
      return;
    }
    const span = isHead ? null : askedSpan(request, reply, picture);
    // Opened before any header says 200: a file that is missing must be an error.
    const body = isHead ? Readable.from([]) : await this.read(picture, span);
    request.life.onEnd(() => body.destroy());
    if (request.life.hasEnded) return;
    const length = span === null ? bytes : span.end - span.start + 1;
    reply.headers({
      ...describe(picture),
      etag,
      'cache-control': caching,
      'accept-ranges': 'bytes',
      'content-length': length,
    });
    if (span !== null) reply.code(206).header('content-range', `bytes ${span.start}-${span.end}/${bytes}`);
    await reply.send(body);
  }

  /** @throws MjError picture_unavailable */
  private async read({ file }: ServedFile, span: ByteSpan | null): Promise<Readable> {
    try {
      const body = await this.pictures.read(file, span ?? undefined);
      this.open += 1;
      return body.once('close', () => (this.open -= 1));
    } catch (error) {
      if (!(error instanceof FileMissingError)) throw error;
      this.log.error(error.message);
      throw new MjError('picture_unavailable');
    }
  }
}

/** @throws MjError range_not_satisfiable, after the header that tells the size */
function askedSpan(request: FastifyRequest, reply: FastifyReply, { bytes, etag }: ServedFile): ByteSpan | null {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return null;
  const asked = parseRange(request.headers.range, bytes);
  if (asked.kind !== 'unsatisfiable') return asked.kind === 'part' ? asked.span : null;
  reply.header('content-range', `bytes */${bytes}`);
  throw new MjError('range_not_satisfiable');
}

function describe({ contentType, fileName }: ServedPicture): Record<string, string> {
  return { 'content-type': contentType, 'content-disposition': `inline; filename="${fileName}"` };
}
