import { randomUUID } from 'node:crypto';
import { JsonStructure, type JsonLimits, type JsonStrings } from '#libs/wire';
import type { BodyExcess, BodyReader } from './body-reader.js';
import { ByteList } from './byte-list.js';
import { FieldName } from './field-name.js';
import { PictureDraft, type DraftedPicture } from './picture-candidate.js';

/** Fields of a body in which pictures come, by themselves or in a list. */
export const PICTURE_FIELDS: ReadonlySet<string> = new Set([
  'base64',
  'base64Array',
  'image',
  'endImage',
  'mask',
  'maskBase64',
  'link',
  'sourceBase64',
  'source',
  'sourceUrl',
  'targetBase64',
  'target',
  'targetUrl',
]);
/** Shorter ones are cheaper as strings. */
const MIN_PICTURE_BYTES = 64 * 1024;

/** A body without its large pictures. */
export interface LiftedBody {
  /** The rest as it came, with a string in the place of each picture. */
  json: Buffer;
  /** The pictures by those strings, which no client can have guessed. */
  pictures: ReadonlyMap<string, DraftedPicture>;
}

export interface ScannerLimits extends JsonLimits {
  /** Bytes that are no large picture. */
  text: number;
}

/**
 * Takes large pictures out of a JSON body while its bytes come in, and refuses it as soon as it has more structure or more
 * other text than it may. It judges no JSON: that it may be wrong about what follows a place where JSON.parse refuses what is
 * left does no harm. A string that is lifted is one that is sound wherever a string may stand, so the rest is valid exactly
 * where the whole was.
 */
export class BodyScanner implements BodyReader, JsonStrings {
  private readonly structure: JsonStructure;
  private readonly rest = new ByteList();
  private readonly pictures = new Map<string, DraftedPicture>();
  private mark = '';

  /** The field of the outermost object that was named last, and whether pictures come in it. */
  private readonly field = new FieldName();
  private isPictureField = false;
  private isFieldName = false;
  /** The string stands where a picture may; so many bytes of it were read; it is none. */
  private isInPlace = false;
  private length = 0;
  private isNoPicture = false;
  /** Set once the string is known to be longer than a chunk, or long enough, and as long as it may be a picture. */
  private draft: PictureDraft | null = null;
  /** The field of a string that is as long as a large picture, and is none. */
  private badField: string | null = null;
  /** The place in the chunk from which on bytes are to go to the rest. */
  private from = 0;

  /** @param minBytes of a picture that is lifted; at least those of its head */
  constructor(
    private readonly limits: ScannerLimits,
    private readonly minBytes = MIN_PICTURE_BYTES,
  ) {
    this.structure = new JsonStructure(limits, this);
  }

  feed(chunk: Buffer): BodyExcess | null {
    this.from = 0;
    const excess = this.structure.feed(chunk);
    if (this.draft === null) this.rest.push(chunk.subarray(this.from));
    if (excess !== null) return { kind: excess, field: this.field.text };
    if (this.rest.length <= this.limits.text) return null;
    if (this.badField !== null) return { kind: 'picture', field: this.badField };
    return { kind: 'text', field: this.field.text };
  }

  end(): LiftedBody {
    // Nothing closes the string that is open, so JSON.parse is to see it.
    if (this.draft !== null) this.giveUp(this.draft);
    return { json: this.rest.toBuffer(), pictures: this.pictures };
  }

  open(depth: number, isInObject: boolean, isKey: boolean): void {
    this.isFieldName = isKey && depth === 1;
    this.isInPlace = !isKey && this.isPictureField && (depth === 1 || (depth === 2 && !isInObject));
    this.isNoPicture = false;
    this.length = 0;
  }

  read(chunk: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void {
    if (this.isFieldName) {
      this.field.read(chunk.subarray(from, to), isClosed);
      this.isPictureField = isClosed && PICTURE_FIELDS.has(this.field.text);
    }
    if (!this.isInPlace) return;
    this.length += to - from;
    if (!this.isNoPicture) this.readPicture(chunk, from, to, isClosed, hasEscapes);
    if (this.isNoPicture && this.length >= this.minBytes) this.badField = this.field.text;
  }

  private readPicture(chunk: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void {
    if (this.draft === null) {
      // Most strings are short, and those stay where they are.
      if (isClosed && this.length < this.minBytes) return;
      this.rest.push(chunk.subarray(this.from, from));
      this.from = from;
      this.draft = new PictureDraft();
    }
    if (!this.draft.add(chunk.subarray(from, to), hasEscapes)) return this.giveUp(this.draft);
    this.from = to;
    if (!isClosed) return;
    const picture = this.draft.finish();
    if (picture === null || picture.length < this.minBytes) return this.giveUp(this.draft);
    this.rest.push(Buffer.from(this.lift(picture), 'latin1'));
    this.draft = null;
  }

  /** What was taken of the string goes back to the rest, and so does all else of it. */
  private giveUp(draft: PictureDraft): void {
    for (const piece of draft.toPieces()) this.rest.push(piece);
    this.draft = null;
    this.isNoPicture = true;
  }

  /** @returns what stands in the picture's place */
  private lift(picture: DraftedPicture): string {
    if (this.mark === '') this.mark = randomUUID();
    const place = `${this.mark}.${this.pictures.size}`;
    this.pictures.set(place, picture);
    return place;
  }
}
