import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PictureConverter } from '#libs/assets';
import { PictureText, type Picture, type Work } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { ConvertiblePicture } from './convertible-picture.js';
import { INPUT_LIMITS } from './input-limits.js';
import { RETRY_AFTER } from '../../http/errors/retry-after.js';

/** Bytes that are turned into base64, or back, in one turn of the event loop; a multiple of three. */
const STEP_BYTES = 786_432;

/** Pictures of submits that have to be converted before they can be sent. */
@Injectable()
export class InputPictures {
  constructor(@Inject(PictureConverter) private readonly converter: Pick<PictureConverter, 'convert'>) {}

  /**
   * The work with PNG and JPEG in the place of formats that upstreams do not take; the same object where nothing is converted.
   * @throws MjError base64_is_invalid, image_too_large, pictures_busy
   */
  async converted<Given extends Work>(work: Given, keyId: string): Promise<Given> {
    const found = Object.entries(work).filter(([, value]) => holdsConvertible(value));
    if (found.length === 0) return work;
    const changed: Record<string, unknown> = {};
    for (const [name, value] of found) {
      changed[name] = Array.isArray(value)
        ? await this.convertAll(value as Picture[], keyId)
        : await this.convert(value as Picture, keyId);
    }
    return { ...work, ...changed };
  }

  private async convertAll(pictures: readonly Picture[], keyId: string): Promise<Picture[]> {
    const made: Picture[] = [];
    for (const picture of pictures) made.push(await this.convert(picture, keyId));
    return made;
  }

  private async convert(picture: Picture, keyId: string): Promise<Picture> {
    if (!(picture instanceof ConvertiblePicture)) return picture;
    const { field, format } = picture;
    const made = await this.converter.convert(() => bytesOf(picture), INPUT_LIMITS, `key ${keyId}`);
    switch (made.kind) {
      case 'converted':
        if (made.bytes.length > INPUT_LIMITS.maxBytes) throw new MjError('image_too_large', { properties: { field } });
        return textOf(made.bytes, made.type);
      case 'unreadable':
        throw new MjError('base64_is_invalid', { properties: { field, format } });
      case 'too_large':
        throw new MjError('image_too_large', { properties: { field } });
      case 'busy':
        throw new MjError('pictures_busy', { retryAfter: RETRY_AFTER.pictures });
    }
  }
}

function holdsConvertible(value: unknown): boolean {
  return value instanceof ConvertiblePicture || (Array.isArray(value) && value.some(holdsConvertible));
}

async function bytesOf(picture: PictureText): Promise<Uint8Array> {
  const bytes = Buffer.alloc(picture.bytes);
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    await nextTurn();
    bytes.set(picture.read(at, STEP_BYTES), at);
  }
  return bytes;
}

async function textOf(bytes: Uint8Array, type: string): Promise<PictureText> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    await nextTurn();
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(STEP_BYTES, bytes.length - at));
    pieces.push(Buffer.from(piece.toString('base64'), 'latin1'));
  }
  return new PictureText(`data:${type};base64,`, pieces);
}
