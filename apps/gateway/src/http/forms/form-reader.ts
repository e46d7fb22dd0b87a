import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { Readable } from 'node:stream';
import type { UploadMeter } from '../../traffic/upload-budget.js';
import { MjError } from '../errors/mj-error.js';
import { BODY_LIMIT } from '../routes/route-access.js';
import { partCount, partOf, type FormShape } from './form-shape.js';
import { badField, sinkOf } from './part-sink.js';

/** RFC 2046 allows 70 characters. */
const BOUNDARY = /;\s*boundary=(?:"[^"]{1,70}"|[^\s";]{1,70})\s*(?:;|$)/i;
const MAX_NAME_CHARS = 100;
const LIMITS = { headerPairs: 32, headerSize: 8 * 1024 };

/** A form that is to be read. */
export interface FormSource {
  payload: Readable;
  contentType: string;
  shape: FormShape;
  /** Counts the bytes that come against the budget of uploads. */
  meter: UploadMeter;
}

/**
 * Reads a form while its bytes come in, and gives the body that the same request would have as JSON; files become base64.
 * Unknown and repeated names are refused at once, before the rest of the form is read.
 */
export class FormReader {
  private readonly fields = new Map<string, unknown>();
  private readonly parser: BusboyInstance;
  private received = 0;
  private isOver = false;

  private readonly payload: Readable;
  private readonly shape: FormShape;
  private readonly meter: UploadMeter;

  /** @param onEnd is told the body, or why there is none; once */
  constructor(
    { payload, contentType, shape, meter }: FormSource,
    private readonly onEnd: (error: Error | null, body: Record<string, unknown> | null) => void,
  ) {
    this.payload = payload;
    this.shape = shape;
    this.meter = meter;
    this.parser = parserOf(contentType, shape);
    this.parser
      .on('file', (name, stream, filename, _encoding, type) => this.readPart(name, stream, isFile(filename, type)))
      .on('partsLimit', () => this.fail(new MjError('request_body_too_large')))
      .on('error', () => this.fail(badField('')))
      .on('finish', () => this.finish(null, Object.fromEntries(this.fields)));
    payload.on('data', this.onData).on('end', this.onPayloadEnd).on('error', this.onGone).on('close', this.onGone);
    payload.resume();
  }

  private readonly onData = (chunk: Buffer): void => {
    this.received += chunk.length;
    if (this.received > BODY_LIMIT.pictures) return this.fail(new MjError('request_body_too_large'));
    const memory = this.meter.add(chunk.length);
    const isTaken = this.parser.write(chunk);
    // The parser has just refused the form: nobody will resume the payload, nor the connection behind it.
    if (this.isOver || (isTaken && memory === null)) return;
    this.payload.pause();
    const drained = isTaken ? null : new Promise<void>((resolve) => this.parser.once('drain', resolve));
    Promise.all([memory, drained]).then(
      () => this.payload.resume(),
      (error: unknown) => this.fail(error instanceof Error ? error : badField('')),
    );
  };

  private readonly onPayloadEnd = (): void => {
    // The payload has ended, while the parser may still hold unread parts.
    this.payload.off('close', this.onGone);
    this.meter.finished();
    this.parser.end();
  };

  /** The client is gone: nobody is told of the end. */
  private readonly onGone = (): void => this.fail(badField(''));

  private readPart(name: string | undefined, stream: BusboyFileStream, isFile: boolean): void {
    const part = name === undefined ? null : partOf(this.shape, name);
    // The parser reports the same error once more.
    stream.on('error', () => undefined);
    if (part === null || this.fields.has(part.field)) return this.fail(badField((name ?? '').slice(0, MAX_NAME_CHARS)));
    this.fields.set(part.field, null);
    this.attempt(() => {
      const sink = sinkOf(part, isFile);
      stream.on('data', (bytes: Buffer) => this.attempt(() => sink.add(bytes)));
      stream.on('end', () => this.attempt(() => void this.fields.set(part.field, sink.finish())));
    });
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.fail(error instanceof Error ? error : badField(''));
    }
  }

  private fail(error: Error): void {
    this.finish(error, null);
  }

  private finish(error: Error | null, body: Record<string, unknown> | null): void {
    const { payload, parser } = this;
    this.isOver = true;
    payload.off('data', this.onData).off('end', this.onPayloadEnd).off('error', this.onGone).off('close', this.onGone);
    parser.removeAllListeners();
    parser.on('error', () => undefined);
    this.onEnd(error, body);
  }
}

/** @throws MjError where the type names no boundary */
function parserOf(contentType: string, shape: FormShape): BusboyInstance {
  // The parser searches every byte for the boundary, so its length is limited.
  if (!BOUNDARY.test(contentType)) throw badField('');
  return new Busboy({
    headers: { 'content-type': contentType },
    limits: { ...LIMITS, parts: partCount(shape) },
    // Text fields are read as files are, in pieces, each with a limit of its own.
    isPartAFile: () => true,
  });
}

function isFile(filename: string | undefined, type: string): boolean {
  return filename !== undefined || type === 'application/octet-stream';
}
