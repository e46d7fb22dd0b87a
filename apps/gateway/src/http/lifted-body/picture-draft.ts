import { MAX_PICTURE_HEAD, PICTURE_HEAD, PictureText } from '#libs/upstream';
import { Base64Bytes } from './base64-bytes.js';
import { ByteList } from './byte-list.js';

const BACKSLASH = 0x5c;
const SLASH = 0x2f;

/**
 * A string of a body that may turn out to be a large picture, while it comes in. It is one as long as it is a head and
 * base64, where `\/` is a slash (PHP writes it so) and any other escape is none. Only then does it make no difference
 * whether it is read as JSON or taken as the bytes it is.
 */
export class PictureDraft {
  private readonly base64 = new Base64Bytes();
  private readonly bytes = new ByteList();
  /** The first bytes, until there are enough to see where the base64 begins. */
  private start: Buffer | null = Buffer.alloc(0);
  private head = '';
  /** It ends with a backslash so far. */
  private isEscaped = false;

  /**
   * Takes what follows of the string, as it is written in JSON.
   * @param hasEscapes false: it is known to hold no backslash
   * @returns false where this is no picture; the piece is then not taken
   */
  add(piece: Buffer, hasEscapes: boolean): boolean {
    const wasEscaped = this.isEscaped;
    const plain = hasEscapes || wasEscaped ? this.unescaped(piece) : piece;
    if (plain !== null && this.take(plain)) return true;
    this.isEscaped = wasEscaped;
    return false;
  }

  /** The picture; null where it is none after all. */
  finish(): PictureText | null {
    if (this.isEscaped || this.start !== null || !this.base64.isWhole()) return null;
    return new PictureText(this.head, this.bytes.toPieces());
  }

  /** What was taken, as JSON has it between quotes: for when it is no picture. */
  toPieces(): Buffer[] {
    const start = this.start ?? Buffer.from(this.head, 'latin1');
    return [start, ...this.bytes.toPieces(), ...(this.isEscaped ? [Buffer.of(BACKSLASH)] : [])];
  }

  private take(plain: Buffer): boolean {
    if (this.start === null) return this.takeBase64(plain);
    const start = this.start.length === 0 ? plain : Buffer.concat([this.start, plain]);
    if (start.length < MAX_PICTURE_HEAD) {
      this.start = start;
      return true;
    }
    const head = PICTURE_HEAD.exec(start.toString('latin1', 0, MAX_PICTURE_HEAD))?.[0] ?? '';
    if (!this.takeBase64(start.subarray(head.length))) return false;
    this.head = head;
    this.start = null;
    return true;
  }

  private takeBase64(piece: Buffer): boolean {
    if (!this.base64.add(piece)) return false;
    this.bytes.push(piece);
    return true;
  }

  /** Null where there is an escape of anything but a slash. */
  private unescaped(piece: Buffer): Buffer | null {
    const out = Buffer.allocUnsafeSlow(piece.length);
    let length = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (byte === BACKSLASH && !this.isEscaped) {
        this.isEscaped = true;
        continue;
      }
      if (this.isEscaped && byte !== SLASH) return null;
      this.isEscaped = false;
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }
}
