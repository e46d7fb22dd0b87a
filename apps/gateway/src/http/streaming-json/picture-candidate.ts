import { pictureHead, PictureText } from '#libs/upstream';
import { Base64Cleaner, type CleanBase64 } from './base64-cleaner.js';
import { ByteList, newPiece } from './byte-list.js';

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const FIRST_PRINTED = 0x20;
/** The byte of each JSON escape that a picture may contain. PHP escapes slashes. */
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x2f, 0x2f],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x66, 0x0c],
]);
const UNICODE = 0x75;
/** The beginning of an escape of a character of ASCII: .NET and Gson write plus and equals signs so. */
const UNICODE_ESCAPE = /^\\u(?:0(?:0(?:[0-7](?:[0-9a-f])?)?)?)?$/i;
const UNICODE_CHARS = 6;

/** A large picture out of a body, before its base64 is normalised. */
export class ExtractedPicture {
  constructor(
    readonly head: string,
    readonly base64: CleanBase64,
  ) {}

  /** Characters that the picture will have. */
  get length(): number {
    return this.head.length + this.base64.length;
  }

  async settle(): Promise<PictureText> {
    return new PictureText(this.head, await this.base64.settle());
  }
}

/**
 * A string of a body that may be a large picture, while it comes in. It stays a candidate as long as it is the head of a data
 * URL followed by base64, with JSON escapes: only such a string has the same content as JSON and as the bytes it came in.
 */
export class PictureCandidate {
  private readonly base64 = new Base64Cleaner();
  private readonly bytes = new ByteList();
  /** The first bytes, until there are enough to see where the base64 begins. */
  private start: Buffer | null = Buffer.alloc(0);
  private head = '';
  /** The beginning of an escape whose end has not come. */
  private escape = '';
  /** The string as it came, from when `bytes` is no longer the same to JSON: for when it is no picture after all. */
  private written: ByteList | null = null;

  /**
   * Adds the next piece of the string, as it stands in the JSON text.
   * @param hasEscapes false: it is known to hold no backslash
   * @returns false where the string is no picture; the piece is then not added
   */
  add(piece: Buffer, hasEscapes: boolean): boolean {
    const before = this.escape;
    const isRead = hasEscapes || before !== '';
    const plain = isRead ? this.unescaped(piece) : piece;
    if (plain !== null && this.take(plain, isRead, before)) {
      this.written?.push(piece);
      return true;
    }
    this.escape = before;
    return false;
  }

  /** The picture; null where it is none after all. */
  finish(): ExtractedPicture | null {
    if (this.escape !== '' || this.start !== null) return null;
    const base64 = this.base64.finish(this.bytes.toPieces());
    return base64 === null ? null : new ExtractedPicture(this.head, base64);
  }

  /** The added pieces as they stood in the JSON text: to be put back where the string is no picture. */
  toPieces(): Buffer[] {
    return this.written?.toPieces() ?? this.kept(this.escape);
  }

  private kept(escape: string): Buffer[] {
    const start = this.start ?? Buffer.from(this.head, 'latin1');
    return [start, ...this.bytes.toPieces(), Buffer.from(escape, 'latin1')];
  }

  /**
   * @param isRead its control characters were escaped; as they are, JSON has none
   * @param escape that was open before the piece
   */
  private take(plain: Buffer, isRead: boolean, escape: string): boolean {
    if (this.start === null) return this.takeBase64(plain, isRead, escape);
    if (hasControls(plain)) {
      if (!isRead) return false;
      this.keepWritten(escape);
    }
    const start = this.start.length === 0 ? plain : Buffer.concat([this.start, plain]);
    const head = pictureHead(start.toString('latin1', 0, PictureText.MAX_HEAD), start.length >= PictureText.MAX_HEAD);
    if (head !== null) {
      const shown = head.replaceAll(/[^\x20-\x7e]/g, '').trimStart();
      if (shown !== head) this.keepWritten(escape);
      if (!this.takeBase64(start.subarray(head.length), true, escape)) return false;
      this.head = shown;
    }
    this.start = head === null ? start : null;
    return true;
  }

  private takeBase64(piece: Buffer, isRead: boolean, escape: string): boolean {
    const clean = this.base64.add(piece);
    if (clean === null) return false;
    if (clean !== piece) {
      if (!isRead && hasControls(piece)) return false;
      this.keepWritten(escape);
    }
    this.bytes.push(clean);
    return true;
  }

  private keepWritten(escape: string): void {
    if (this.written !== null) return;
    this.written = new ByteList();
    for (const piece of this.kept(escape)) this.written.push(piece);
  }

  /** Null where there is an escape of anything that no picture has, or what JSON does not allow. */
  private unescaped(piece: Buffer): Buffer | null {
    if (hasControls(piece)) return null;
    const out = newPiece(piece.length);
    let length = 0;
    for (let at = 0; at < piece.length;) {
      if (this.escape === '') {
        while (at < piece.length && piece[at] !== BACKSLASH) out[length++] = piece[at++] ?? 0;
        if (at < piece.length) this.escape = '\\';
        at += 1;
        continue;
      }
      const read = this.readEscape(piece[at++] ?? 0);
      if (read === null) return null;
      if (read !== undefined) out[length++] = read;
    }
    return out.subarray(0, length);
  }

  /** The byte that the open escape stands for with this letter; undefined: more follows; null: none that may be here. */
  private readEscape(letter: number): number | null | undefined {
    if (this.escape.length === 1 && letter !== UNICODE) {
      this.escape = '';
      return ESCAPES.get(letter) ?? null;
    }
    const text = this.escape + String.fromCharCode(letter);
    if (!UNICODE_ESCAPE.test(text)) return null;
    this.escape = text.length < UNICODE_CHARS ? text : '';
    if (text.length < UNICODE_CHARS) return undefined;
    const byte = Number.parseInt(text.slice(2), 16);
    return byte === QUOTE || byte === BACKSLASH ? null : byte;
  }
}

function hasControls(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) < FIRST_PRINTED) return true;
  return false;
}
