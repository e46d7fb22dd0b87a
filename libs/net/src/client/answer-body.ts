import { type IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { classifyError, OutboundError } from './outbound-error.js';

const ignore = (): void => undefined;

/** Destroys an answer's body and its socket. Without a listener, undici's abort would be an uncaught 'error'. */
export function discard(body: Readable): void {
  body.on('error', ignore).destroy();
}

/**
 * Refuses a body by its headers, before any of it is read.
 *
 * @throws OutboundError `encoding` where it is compressed, `too_large` where its length is over the cap
 */
export function refuseByHeaders(answer: { headers: IncomingHttpHeaders; body: Readable }, maxBytes: number): void {
  const encoding = answer.headers['content-encoding'];
  const isPlain = encoding === undefined || String(encoding).trim().toLowerCase() === 'identity';
  if (isPlain && Number(answer.headers['content-length'] ?? 0) <= maxBytes) return;
  discard(answer.body);
  throw new OutboundError(isPlain ? 'too_large' : 'encoding', 'body');
}

/**
 * Reads a whole body.
 *
 * @param maxBytes one byte more destroys the stream
 * @throws OutboundError `too_large`, or the class of the stream's error
 */
export async function readCapped(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  body.on('error', ignore);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > maxBytes) throw new OutboundError('too_large', 'body');
      chunks.push(chunk);
    }
  } catch (error) {
    throw classifyError(error, 'body');
  }
  return Buffer.concat(chunks, total);
}

/**
 * The body of a download: counts bytes, fails with an {@link OutboundError}, and releases or closes the socket as soon as
 * it is destroyed. (`Readable.from` a generator would first wait for a chunk that may never come.)
 */
export class CappedBody extends Readable {
  private total = 0;

  constructor(
    private readonly source: Readable,
    private readonly maxBytes: number,
    private readonly onClose: () => void,
  ) {
    super();
    // The deadline may pass before the caller listens; a reader still gets the error.
    this.on('error', ignore);
    source.on('data', (chunk: Buffer) => this.onChunk(chunk));
    source.on('end', () => this.push(null));
    source.on('error', (error) => this.destroy(classifyError(error, 'body') as Error));
    source.on('close', () => {
      if (!source.readableEnded) this.destroy(new OutboundError('reset', 'body'));
    });
    source.pause();
  }

  override _read(): void {
    this.source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.source.destroy();
    this.onClose();
    done(error);
  }

  private onChunk(chunk: Buffer): void {
    if (this.destroyed) return;
    this.total += chunk.length;
    if (this.total > this.maxBytes) this.destroy(new OutboundError('too_large', 'body'));
    else if (!this.push(chunk)) this.source.pause();
  }
}
