import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutboundError, type Download } from '#libs/net';
import type { AssetKind } from '../keep/asset.entity.js';
import { fileReader } from '../format/byte-reader.js';
import { PictureRefusedError, sizeOf, type PictureSize } from '../format/picture-size.js';
import { agreesWith, PICTURE_TYPES, SNIFF_BYTES, sniffType, type PictureType } from '../format/picture-type.js';
import { StoreWriteError } from '../store/store-health.js';
import { isWholePicture } from '../format/whole-picture.js';

/** A verified picture on the local disk. */
export interface VerifiedPicture {
  type: PictureType;
  bytes: number;
  sha256: Buffer;
  /** Pixels; null of videos. */
  width: number | null;
  height: number | null;
}

/**
 * Writes an answer's body to `path` and verifies it: magic bytes, agreement with the declared type, kind, size in
 * pixels, an end. A body that is no picture is given up after its first bytes. After a failure no file is left.
 * @throws PictureRefusedError; OutboundError when the body broke off or was too long; StoreWriteError for the disk
 */
export async function saveVerified(answer: Download, kind: AssetKind, path: string): Promise<VerifiedPicture> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o640 });
  try {
    const gate = new PictureGate(kind, answer.headers['content-type']);
    await pipeline(answer.body, gate, file);
    const { type, bytes } = gate.result();
    const size = await readWhole(path, type, bytes);
    return { type, bytes, sha256: gate.hash.digest(), width: size?.width ?? null, height: size?.height ?? null };
  } catch (error) {
    answer.body.destroy();
    // The pipeline fails as soon as the body does; the file may be created after that.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()));
    await rm(path, { force: true }).catch(() => undefined);
    if (error instanceof PictureRefusedError || error instanceof OutboundError) throw error;
    throw new StoreWriteError(error);
  }
}

/**
 * A stream that passes bytes on once their beginning is verified to be a picture of the wanted kind; hashes and counts
 * them.
 */
export class PictureGate extends Transform {
  readonly hash = createHash('sha256');
  private bytes = 0;
  private head: Buffer = Buffer.alloc(0);
  private type: PictureType | null = null;

  constructor(
    private readonly kind: AssetKind,
    private readonly declared: string | undefined,
  ) {
    super();
  }

  /** Type and length of the bytes that came through. @throws PictureRefusedError `empty` */
  result(): { type: PictureType; bytes: number } {
    if (this.type === null) throw new PictureRefusedError('empty');
    return { type: this.type, bytes: this.bytes };
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    if (this.type !== null) return done(null, chunk);
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length < SNIFF_BYTES) return done();
    done(this.verifyHead(), this.head);
  }

  override _flush(done: (error?: Error | null, data?: Buffer) => void): void {
    if (this.type !== null || this.bytes === 0) return done();
    done(this.verifyHead(), this.head);
  }

  private verifyHead(): PictureRefusedError | null {
    const type = sniffType(this.head);
    // Discord delivers films as animated WebP, so a video may be a picture; a picture is never a video.
    const fits = type !== null && (this.kind === 'video' || PICTURE_TYPES[type].kind === 'image');
    if (!fits || !agreesWith(type, this.declared)) {
      return new PictureRefusedError('type');
    }
    this.type = type;
    return null;
  }
}

/** @throws PictureRefusedError */
async function readWhole(path: string, type: PictureType, bytes: number): Promise<PictureSize | null> {
  const file = await open(path, 'r');
  try {
    const read = fileReader(file);
    const size = await sizeOf(type, read);
    if (!(await isWholePicture(type, bytes, read))) throw new PictureRefusedError('torn');
    return size;
  } finally {
    await file.close();
  }
}
