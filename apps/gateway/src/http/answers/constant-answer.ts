import negotiate from '@fastify/accept-negotiator';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { namesEtag } from '../headers/entity-tag.js';

/** Answers below this size, and types that are compressed already, are sent uncompressed. */
const COMPRESSED_FROM = 1_024;
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|javascript))/;
/** Brotli's quality, of 11: higher ones would take ten times as long for 5 % fewer bytes. */
const BROTLI_QUALITY = 6;

type Coding = 'br' | 'gzip' | 'identity';

interface Made {
  bodies: Partial<Record<Coding, Buffer>>;
  /** Content codings in the order of preference. */
  codings: Coding[];
  /** Of what was made; each coding adds its name. */
  print: string;
}

/**
 * An answer that is the same for everybody until the process ends: made once, compressed once (by other threads), and sent
 * from one memory however many ask for it at a time.
 */
export class ConstantAnswer {
  private made: Promise<Made> | null = null;

  constructor(
    private readonly contentType: string,
    private readonly source: () => Promise<string | Buffer> | string | Buffer,
    private readonly options: { /** The default has every use revalidated. */ cacheControl?: string } = {},
  ) {}

  /** Makes it now, if it is not made yet. */
  async prepare(): Promise<void> {
    await this.make();
  }

  /** Answers a GET or HEAD; 304 where `If-None-Match` names what would be sent. */
  async send(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { bodies, codings, print } = await this.make();
    const coding = negotiated(request.headers['accept-encoding'], codings);
    const etag = coding === 'identity' ? `"${print}"` : `"${print}-${coding}"`;
    const { cacheControl = 'private, no-cache' } = this.options;
    void reply.headers({ etag, vary: 'accept-encoding', 'cache-control': cacheControl });
    if (namesEtag(request.headers['if-none-match'], etag)) return void reply.code(304).send();
    if (coding !== 'identity') void reply.header('content-encoding', coding);
    void reply.header('content-type', this.contentType).send(bodies[coding]);
  }

  private make(): Promise<Made> {
    this.made ??= this.compress().catch((error: unknown) => {
      this.made = null;
      throw error;
    });
    return this.made;
  }

  private async compress(): Promise<Made> {
    const identity = Buffer.from(await this.source());
    const print = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
    if (identity.length < COMPRESSED_FROM || !COMPRESSIBLE.test(this.contentType)) {
      return { bodies: { identity }, codings: ['identity'], print };
    }
    const [br, gzipped] = await Promise.all([
      promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
      promisify(gzip)(identity),
    ]);
    return { bodies: { br, gzip: gzipped, identity }, codings: ['br', 'gzip', 'identity'], print };
  }
}

/** A client that accepts no coding we have gets the uncompressed answer, not 406: every client can read it. */
function negotiated(header: string | undefined, codings: Coding[]): Coding {
  return header === undefined ? 'identity' : (negotiate(header, codings) ?? 'identity');
}
