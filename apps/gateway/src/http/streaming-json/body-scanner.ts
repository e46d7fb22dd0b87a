import { randomUUID } from 'node:crypto';
import { JsonStructure, type JsonLimits, type JsonStrings } from '#libs/wire';
import type { BodyExcess, BodyReader } from './body-reader.js';
import { ByteList } from './byte-list.js';
import { FieldName } from './field-name.js';
import { PictureCandidate, type ExtractedPicture } from './picture-candidate.js';

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
/** Smallest picture that is extracted: shorter ones are cheaper as strings. */
const MIN_PICTURE_BYTES = 64 * 1024;

/** A body without its large pictures. */
export interface ExtractedBody {
  /** The remainder as it came, with a placeholder for each picture. */
  json: Buffer;
  /** The pictures by their placeholders, which no client can have guessed. */
  pictures: ReadonlyMap<string, ExtractedPicture>;
}

export interface ScannerLimits extends JsonLimits {
  /** Most bytes besides large pictures. */
  text: number;
}

/**
 * Takes large pictures out of a JSON body while its bytes come in, and refuses it as soon as it has more structure or more
 * other text than it may. The scanner does not validate JSON: JSON.parse reads the remainder afterwards and refuses every
 * malformed body. An extracted string is valid JSON wherever a string may stand, so the remainder is valid exactly where
 * the whole body was.
 */
export class BodyScanner implements BodyReader, JsonStrings {
  private readonly structure: JsonStructure;
  private readonly remainder = new ByteList();
  private readonly pictures = new Map<string, ExtractedPicture>();
  private placeholderPrefix = '';

  /** The field of the outermost object that was named last, and whether pictures come in it. */
  private readonly field = new FieldName();
  private isPictureField = false;
  private isFieldName = false;
  /** Whether the open string stands where a picture may; how many of its bytes were read; whether it is no picture. */
  private mayBePicture = false;
  private length = 0;
  private isNoPicture = false;
  /** Set once the string is known to be longer than a chunk, or long enough, and as long as it may be a picture. */
  private candidate: PictureCandidate | null = null;
  /** The field of a string that is as long as a large picture, and is none. */
  private badField: string | null = null;
  /** Offset in the chunk from which on bytes go to the remainder. */
  private from = 0;

  /** @param minBytes of a picture that is extracted; at least those of its head */
  constructor(
    private readonly limits: ScannerLimits,
    private readonly minBytes = MIN_PICTURE_BYTES,
  ) {
    this.structure = new JsonStructure(limits, this);
  }

  feed(chunk: Buffer): BodyExcess | null {
    this.from = 0;
    const excess = this.structure.feed(chunk);
    if (this.candidate === null) this.remainder.push(chunk.subarray(this.from));
    if (excess !== null) return { kind: excess, field: this.field.text };
    if (this.remainder.length <= this.limits.text) return null;
    if (this.badField !== null) return { kind: 'picture', field: this.badField };
    return { kind: 'text', field: this.field.text };
  }

  end(): ExtractedBody {
    // Nothing closes the open string: JSON.parse is to see and refuse it.
    if (this.candidate !== null) this.putBack(this.candidate);
    return { json: this.remainder.toBuffer(), pictures: this.pictures };
  }

  open(depth: number, isInObject: boolean, isKey: boolean): void {
    this.isFieldName = isKey && depth === 1;
    this.mayBePicture = !isKey && this.isPictureField && (depth === 1 || (depth === 2 && !isInObject));
    this.isNoPicture = false;
    this.length = 0;
  }

  read(chunk: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void {
    if (this.isFieldName) {
      this.field.read(chunk.subarray(from, to), isClosed);
      this.isPictureField = isClosed && PICTURE_FIELDS.has(this.field.text);
    }
    if (!this.mayBePicture) return;
    this.length += to - from;
    if (!this.isNoPicture) this.readPicture(chunk, from, to, isClosed, hasEscapes);
    if (this.isNoPicture && this.length >= this.minBytes) this.badField = this.field.text;
  }

  private readPicture(chunk: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void {
    if (this.candidate === null) {
      // A short string stays in the remainder: most strings are.
      if (isClosed && this.length < this.minBytes) return;
      this.remainder.push(chunk.subarray(this.from, from));
      this.from = from;
      this.candidate = new PictureCandidate();
    }
    if (!this.candidate.add(chunk.subarray(from, to), hasEscapes)) return this.putBack(this.candidate);
    this.from = to;
    if (!isClosed) return;
    const picture = this.candidate.finish();
    if (picture === null || picture.length < this.minBytes) return this.putBack(this.candidate);
    this.remainder.push(Buffer.from(this.extract(picture), 'latin1'));
    this.candidate = null;
  }

  /** Puts the string back into the remainder: it is no picture. What is still to come of it follows. */
  private putBack(draft: PictureCandidate): void {
    for (const piece of draft.toPieces()) this.remainder.push(piece);
    this.candidate = null;
    this.isNoPicture = true;
  }

  /** @returns the placeholder that stands in the remainder for the picture */
  private extract(picture: ExtractedPicture): string {
    if (this.placeholderPrefix === '') this.placeholderPrefix = randomUUID();
    const placeholder = `${this.placeholderPrefix}.${this.pictures.size}`;
    this.pictures.set(placeholder, picture);
    return placeholder;
  }
}
