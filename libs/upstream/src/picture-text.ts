/** The beginnings of the data URLs that stand for pictures which may be sent; whatever follows is base64. */
export const PICTURE_HEAD = /^data:image\/(?:png|jpe?g|webp|gif);base64,/i;
/** No beginning is longer, characters. */
export const MAX_PICTURE_HEAD = 64;

/**
 * The text of a large picture, a data URL or raw base64, kept as the bytes it came in: as a string it would be copied for
 * being read, judged and sent. It is sound by construction: its head is empty or of {@link PICTURE_HEAD}, and all else
 * base64 of RFC 4648 §4 with its padding; neither needs an escape in JSON. It has no enumerable properties, so that
 * whatever walks through a body finds nothing in it.
 */
export class PictureText {
  readonly #head: string;
  readonly #pieces: readonly Buffer[];
  readonly #chars: number;

  /** @param head of the data URL; '' for raw base64 · @param pieces the base64, whose bytes nobody changes any more */
  constructor(head = '', pieces: readonly Buffer[] = []) {
    this.#head = head;
    this.#pieces = pieces;
    this.#chars = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  get head(): string {
    return this.#head;
  }

  /** Characters of the whole text, which are as many bytes. */
  get length(): number {
    return this.#head.length + this.#chars;
  }

  /** How many bytes the base64 stands for. */
  get bytes(): number {
    const end = this.#chars < 2 ? '' : this.slice(this.#chars - 2, 2).toString('latin1');
    return (this.#chars / 4) * 3 - (end.endsWith('==') ? 2 : end.endsWith('=') ? 1 : 0);
  }

  /** Up to `length` of the bytes it stands for, from `offset` on; fewer at the end. */
  read(offset: number, length: number): Uint8Array {
    const first = Math.floor(offset / 3);
    const quads = Math.ceil((offset + length) / 3) - first;
    const bytes = Buffer.from(this.slice(first * 4, quads * 4).toString('latin1'), 'base64');
    return bytes.subarray(offset - first * 3, offset - first * 3 + length);
  }

  /** The same base64 behind another head, of {@link PICTURE_HEAD}. No byte of it is copied. */
  withHead(head: string): PictureText {
    return head === this.#head ? this : new PictureText(head, this.#pieces);
  }

  /** The whole text as it is written; not to be changed. */
  toPieces(): Buffer[] {
    return this.#head === '' ? [...this.#pieces] : [Buffer.from(this.#head, 'latin1'), ...this.#pieces];
  }

  toString(): string {
    return Buffer.concat(this.toPieces()).toString('latin1');
  }

  /** What has to make one text of everything is given this one as text; `jsonPieces` does without. */
  toJSON(): string {
    return this.toString();
  }

  /** Characters of the base64. */
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

/** A picture as a data URL or base64, or its link where a field says so; large ones that came inline are not strings. */
export type Picture = string | PictureText;
