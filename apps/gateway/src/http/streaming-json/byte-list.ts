/** A piece of at least this length is kept as it is; shorter ones are copied into a shared buffer. */
const WORTH_KEEPING = 16 * 1024;
const FIRST_CAPACITY = 1024;
const MAX_CAPACITY = 64 * 1024;

/** An empty piece of so many bytes for a list: a memory of its own where it is kept as it is. */
export function newPiece(bytes: number): Buffer {
  return bytes >= WORTH_KEEPING ? Buffer.allocUnsafeSlow(bytes) : Buffer.allocUnsafe(bytes);
}

/**
 * Collects bytes that come in pieces in few buffers: each Buffer takes some 200 bytes besides its content, which a client that
 * sends single bytes would multiply.
 */
export class ByteList {
  private readonly whole: Buffer[] = [];
  /** The shared buffer of short pieces. */
  private capacity = Buffer.alloc(0);
  private from = 0;
  private to = 0;
  private nextCapacity = FIRST_CAPACITY;
  private total = 0;

  /** Bytes so far. */
  get length(): number {
    return this.total;
  }

  /** @param bytes that nobody changes any more */
  push(bytes: Buffer): void {
    this.total += bytes.length;
    if (bytes.length >= WORTH_KEEPING) {
      this.close();
      this.whole.push(bytes);
      return;
    }
    for (let done = 0; done < bytes.length;) {
      if (this.to === this.capacity.length) this.renew();
      const copied = bytes.copy(this.capacity, this.to, done);
      this.to += copied;
      done += copied;
    }
  }

  /** All bytes so far, in their order. */
  toPieces(): Buffer[] {
    this.close();
    return this.whole;
  }

  /** All bytes so far as one; not to be changed. */
  toBuffer(): Buffer {
    const pieces = this.toPieces();
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  }

  private renew(): void {
    this.close();
    this.capacity = Buffer.allocUnsafeSlow(this.nextCapacity);
    this.nextCapacity = Math.min(this.nextCapacity * 2, MAX_CAPACITY);
    this.from = this.to = 0;
  }

  private close(): void {
    if (this.to > this.from) this.whole.push(this.capacity.subarray(this.from, this.to));
    this.from = this.to;
  }
}
