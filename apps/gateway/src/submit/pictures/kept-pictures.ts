import { Injectable } from '@nestjs/common';
import { PictureReader } from '#libs/assets';
import { DatabaseUnavailableError } from '#libs/database';
import type { Task } from '#libs/tracking';
import { PictureText, type Picture } from '#libs/upstream';
import { INPUT_LIMITS } from './input-limits.js';

/** Pieces of base64 begin at a multiple of three bytes, so that none but the last has padding. */
const PIECE_BYTES = 3 * 64 * 1024;

/** Reads pictures of results that the gateway keeps, to be sent as pictures of new work. */
@Injectable()
export class KeptPictures {
  constructor(private readonly pictures: PictureReader) {}

  /** The picture of a task that has one alone; null where it has several, or none that can be read now. */
  async ofResult({ id, imageUrl, pictureCount }: Task): Promise<Picture | null> {
    if (imageUrl === null || pictureCount > 1) return null;
    try {
      const opened = await this.pictures.open({ taskId: id, kind: 'image', n: 0 });
      if (opened.kind !== 'kept' || opened.file.bytes > INPUT_LIMITS.maxBytes) return null;
      const chunks: Buffer[] = [];
      for await (const chunk of await this.pictures.read(opened.file.file)) chunks.push(chunk as Buffer);
      return asText(Buffer.concat(chunks), opened.file.contentType);
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      return null;
    }
  }
}

function asText(bytes: Buffer, contentType: string): PictureText {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(Buffer.from(bytes.toString('base64', at, at + PIECE_BYTES), 'latin1'));
  }
  return new PictureText(`data:${contentType};base64,`, pieces);
}
