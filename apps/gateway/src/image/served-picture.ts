import type { Readable } from 'node:stream';
import { etagOf, PICTURE_TYPES, type KeptFile, type ProxiedPicture, type PictureType } from '#libs/assets';

/**
 * What to send: a file of the store; bytes that are in memory (the preview of a task that runs, and what could not be
 * written into the store); or the stream of an origin, while pictures cannot be kept.
 */
export type ServedPicture =
  | {
      kind: 'file';
      file: string;
      bytes: number;
      etag: string;
      contentType: PictureType;
      fileName: string;
      /** False: a stand-in for a variant that could not be made now; a later request may get another picture. */
      isFinal: boolean;
    }
  | { kind: 'bytes'; body: Buffer; contentType: PictureType; fileName: string }
  | { kind: 'stream'; body: Readable; bytes: number | null; contentType: PictureType; fileName: string };

/** A kept picture as it is. */
export function asItIs(source: KeptFile, name: string, isFinal: boolean): ServedPicture {
  const { file, bytes, contentType } = source;
  const etag = etagOf(source, null);
  return { kind: 'file', file, bytes, etag, contentType, fileName: nameWith(name, contentType), isFinal };
}

/** A picture from memory. */
export function fromMemory(body: Buffer, contentType: PictureType, name: string): ServedPicture {
  return { kind: 'bytes', body, contentType, fileName: nameWith(name, contentType) };
}

/** A picture that is proxied from its origin. */
export function fromOrigin(picture: Extract<ProxiedPicture, { kind: 'proxied' }>, name: string): ServedPicture {
  const { body, bytes, type } = picture;
  return { kind: 'stream', body, bytes, contentType: type, fileName: nameWith(name, type) };
}

/** The file name that a client saves a picture under. */
export function nameWith(name: string, type: PictureType): string {
  return `${name}.${PICTURE_TYPES[type].extension}`;
}
