import { randomUUID } from 'node:crypto';
import { PictureText } from '#libs/upstream';
import { ByteList } from './byte-list.js';
import { PictureDraft } from './picture-draft.js';

/** Fields of a body in which pictures come, by themselves or in a list. */
export const PICTURE_FIELDS: ReadonlySet<string> = new Set([
  'base64',
  'base64Array',
  'image',
  'endImage',
  'mask',
  'maskBase64',
  'sourceBase64',
  'targetBase64',
]);
/** Shorter ones are cheaper as strings. */
const MIN_PICTURE_BYTES = 64 * 1024;
/** The longest name of a field above with every letter written as \uXXXX. */
const MAX_NAME_BYTES = 72;
/** Bytes of a string that are looked at before native code is asked: a call of it costs as much. */
const NEAR = 32;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const NONE = Buffer.alloc(0);

/** A body without its large pictures. */
export interface LiftedBody {
  /** The rest as it came, with a string in the place of each picture. */
  json: Buffer;
  /** The pictures by those strings, which no client can have guessed. */
  pictures: ReadonlyMap<string, PictureText>;
}

/**
 * Takes large pictures out of a JSON body while its bytes come in. It judges nothing: it has to find the strings only, and
 * goes wrong about them only behind a place where JSON.parse refuses what is left. A string that is lifted is one that is
 * sound wherever a string may stand, so the rest is valid exactly where the whole was.
 */
export class BodyScanner {
  private readonly rest = new ByteList();
  private readonly pictures = new Map<string, PictureText>();
  private mark = '';

  private depth = 0;
  /** Whether the outermost value is an object. */
  private isObject = false;
  /** At the depth of its fields: whether a name comes next, and what the last one was. */
  private expectsName = false;
  private isPictureField = false;
  /** The value at depth 2 is a list of pictures. */
  private isPictureList = false;

  private isInString = false;
  /** The last byte was a backslash in a string. */
  private isEscaped = false;
  /** The bytes of a field's name while it is read; null otherwise, and when it is too long to be one that counts. */
  private name: Buffer | null = null;
  /** The string may be a picture; `draft` is set once it is known to be longer than a chunk, or long enough. */
  private mayBePicture = false;
  private draft: PictureDraft | null = null;

  private chunk: Buffer = NONE;
  /** Where the bytes begin that are to go to the rest. */
  private from = 0;
  /** The next quote and backslash that native code found in the chunk; its length where there is none. */
  private nextQuote = -1;
  private nextBackslash = -1;
  private hasEscapes = false;

  /** @param minBytes of a picture that is lifted; at least those of its head */
  constructor(private readonly minBytes = MIN_PICTURE_BYTES) {}

  /** @param chunk the next bytes, which nobody changes any more */
  feed(chunk: Buffer): void {
    this.chunk = chunk;
    this.from = 0;
    this.nextQuote = this.nextBackslash = -1;
    for (let at = 0; at < chunk.length;) at = this.isInString ? this.string(at) : this.structure(at);
    if (this.draft === null) this.rest.push(chunk.subarray(this.from));
  }

  /** The body, once it has come to its end. */
  end(): LiftedBody {
    // Nothing closes the string that is open, so JSON.parse is to see it.
    if (this.draft !== null) this.giveUp(this.draft);
    return { json: Buffer.concat(this.rest.toPieces()), pictures: this.pictures };
  }

  /** Reads what is in no string, from `at` to the next one's first byte. */
  private structure(at: number): number {
    const { chunk } = this;
    for (; at < chunk.length; at += 1) {
      switch (chunk[at]) {
        case QUOTE:
          this.openString();
          return at + 1;
        case OPEN_OBJECT:
        case OPEN_LIST:
          this.open(chunk[at] === OPEN_OBJECT);
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          this.depth -= 1;
          break;
        case COMMA:
          if (this.depth === 1) this.expectsName = true;
          break;
        case COLON:
          if (this.depth === 1) this.expectsName = false;
          break;
      }
    }
    return at;
  }

  private open(isObject: boolean): void {
    this.depth += 1;
    if (this.depth === 1) {
      this.isObject = this.expectsName = isObject;
      this.isPictureField = false;
    } else if (this.depth === 2) this.isPictureList = !isObject && this.isObject && this.isPictureField;
  }

  private openString(): void {
    this.isInString = true;
    const isField = this.depth === 1 && this.isObject;
    this.name = isField && this.expectsName ? NONE : null;
    if (isField && this.expectsName) this.isPictureField = false;
    this.mayBePicture =
      (isField && !this.expectsName && this.isPictureField) || (this.depth === 2 && this.isPictureList);
  }

  /** Reads of a string what the chunk has, from `at` on; `at` is behind its opening quote, or 0. */
  private string(at: number): number {
    const end = this.endOfString(at);
    const isClosed = end < this.chunk.length;
    if (this.name !== null) this.readName(this.name, this.chunk.subarray(at, end), isClosed);
    if (this.mayBePicture) this.readPicture(at, end, isClosed);
    if (!isClosed) return end;
    this.isInString = false;
    return end + 1;
  }

  /** The place of the quote that closes the string; the chunk's length where there is none. */
  private endOfString(from: number): number {
    const { chunk } = this;
    const { length } = chunk;
    let at = this.isEscaped ? from + 1 : from;
    this.hasEscapes = this.isEscaped;
    this.isEscaped = false;
    for (;;) {
      const near = Math.min(at + NEAR, length);
      while (at < near && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
      if (at === near) at = Math.min(this.quoteFrom(at), this.backslashFrom(at));
      if (at >= length || chunk[at] === QUOTE) return Math.min(at, length);
      this.hasEscapes = true;
      this.isEscaped = at + 1 === length;
      at += 2;
    }
  }

  private quoteFrom(at: number): number {
    if (this.nextQuote < at) this.nextQuote = placeOf(this.chunk, QUOTE, at);
    return this.nextQuote;
  }

  private backslashFrom(at: number): number {
    if (this.nextBackslash < at) this.nextBackslash = placeOf(this.chunk, BACKSLASH, at);
    return this.nextBackslash;
  }

  private readName(before: Buffer, more: Buffer, isClosed: boolean): void {
    const isLong = before.length + more.length > MAX_NAME_BYTES;
    this.name = isLong ? null : before.length === 0 ? more : Buffer.concat([before, more]);
    if (!isClosed) return;
    this.isPictureField = this.name !== null && PICTURE_FIELDS.has(nameOf(this.name));
    this.name = null;
  }

  private readPicture(at: number, end: number, isClosed: boolean): void {
    if (this.draft === null) {
      // Most strings are short, and those stay where they are.
      if (isClosed && end - at < this.minBytes) return;
      this.rest.push(this.chunk.subarray(this.from, at));
      this.from = at;
      this.draft = new PictureDraft();
    }
    if (!this.draft.add(this.chunk.subarray(at, end), this.hasEscapes)) return this.giveUp(this.draft);
    this.from = end;
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
    this.mayBePicture = false;
  }

  /** @returns what stands in the picture's place */
  private lift(picture: PictureText): string {
    if (this.mark === '') this.mark = randomUUID();
    const place = `${this.mark}.${this.pictures.size}`;
    this.pictures.set(place, picture);
    return place;
  }
}

function placeOf(chunk: Buffer, byte: number, from: number): number {
  const found = chunk.indexOf(byte, from);
  return found < 0 ? chunk.length : found;
}

/** A name as it is written, read; '' where it is none. */
function nameOf(written: Buffer): string {
  // A name that counts is of ASCII, and no other becomes one by being read so.
  const text = written.toString('latin1');
  if (!text.includes('\\')) return text;
  // Other escapes stand for no letter of a name that counts, and a bad one would cost an exception each time.
  return text.replaceAll('\\u00', '').includes('\\') ? '' : text.replace(/\\u00([0-9a-f]{2})/gi, toLetter);
}

function toLetter(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
