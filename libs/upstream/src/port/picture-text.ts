const DATA_URL = /^data:/i;
const BASE64_MARK = /;\s*base64\s*,/i;

/**
 * The head of the data URL that a text begins with, with the white space before it; '' where the text is no data URL. The
 * media type in it is not checked, because the bytes decide the type of a picture. The text after the head is base64.
 * @param text its first {@link PictureText.MAX_HEAD} characters, or all of it
 * @param isEnough false: the text goes on, and null means that more of it is needed
 */
export function pictureHead(text: string, isEnough: boolean): string | null {
  const url = text.trimStart();
  if (url.length < 'data:'.length && !isEnough) return null;
  if (!DATA_URL.test(url)) return '';
  const mark = BASE64_MARK.exec(text);
  if (mark !== null) return text.slice(0, mark.index + mark[0].length);
  return isEnough ? text.slice(0, text.indexOf(',') + 1) : null;
}

/**
 * The text of a large picture, a data URL or raw base64, kept as the bytes that were received: a string would be copied to
 * be read, validated and sent. Its head is empty or that of a data URL, and the rest is base64 of RFC 4648 §4 with its
 * padding, so that no character needs an escape in JSON. It has no enumerable properties, so that code which walks through
 * a body does not descend into it.
 */
export class PictureText {
  /** Longest head, characters. */
  static readonly MAX_HEAD = 512;

  readonly #head: string;
  readonly #pieces: readonly Buffer[];
  readonly #chars: number;

  /** @param head of the data URL; '' for raw base64 · @param pieces the base64, whose bytes must not change any more */
  constructor(head = '', pieces: readonly Buffer[] = []) {
    this.#head = head;
    this.#pieces = pieces;
    this.#chars = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  get head(): string {
    return this.#head;
  }

  /** Length of the whole text in characters, each of which is one byte. */
  get length(): number {
    return this.#head.length + this.#chars;
  }

  /** How many bytes the base64 decodes to. */
  get bytes(): number {
    const end = this.#chars < 2 ? '' : this.slice(this.#chars - 2, 2).toString('latin1');
    return (this.#chars / 4) * 3 - (end.endsWith('==') ? 2 : end.endsWith('=') ? 1 : 0);
  }

  /** Decodes up to `length` bytes from `offset` on; fewer at the end. */
  read(offset: number, length: number): Uint8Array {
    const first = Math.floor(offset / 3);
    const quads = Math.ceil((offset + length) / 3) - first;
    const bytes = Buffer.from(this.slice(first * 4, quads * 4).toString('latin1'), 'base64');
    return bytes.subarray(offset - first * 3, offset - first * 3 + length);
  }

  /** The same base64 behind another head. The base64 is not copied. */
  withHead(head: string): PictureText {
    return head === this.#head ? this : new PictureText(head, this.#pieces);
  }

  /** The bytes of the whole text, which must not be changed. */
  toPieces(): Buffer[] {
    return this.#head === '' ? [...this.#pieces] : [Buffer.from(this.#head, 'latin1'), ...this.#pieces];
  }

  toString(): string {
    return Buffer.concat(this.toPieces()).toString('latin1');
  }

  /** For JSON.stringify, which needs a string; `jsonPieces` does without. */
  toJSON(): string {
    return this.toString();
  }

  /** A part of the base64. */
  private slice(from: number, length: number): Buffer {
    const found: Buffer[] = [];
    let start = 0;
    for (const piece of this.#pieces) {
      if (start >= from + length) break;
      if (start + piece.length > from) {
        found.push(piece.subarray(Math.max(0, from - start), Math.min(piece.length, from + length - start)));
      }
      start += piece.length;
    }
    return found.length === 1 && found[0] !== undefined ? found[0] : Buffer.concat(found);
  }
}

/** A picture as a data URL or base64, or its link where a field says so. Large pictures that came inline are no strings. */
export type Picture = string | PictureText;
