import type { FileHandle } from 'node:fs/promises';

/** Gives up to `length` bytes from `offset` on; fewer at the end. */
export type ByteReader = (offset: number, length: number) => Uint8Array | Promise<Uint8Array>;

/** Reads an open file. */
export function fileReader(file: FileHandle): ByteReader {
  return async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
}

/** Reads bytes that are in memory. */
export function memoryReader(bytes: Uint8Array): ByteReader {
  return (offset, length) => bytes.subarray(offset, offset + length);
}

/** Reads numbers in bytes, big-endian unless said; a number beyond the end is 0. */
export class Numbers {
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.view.byteLength;
  }

  u8(at: number): number {
    return at + 1 <= this.length ? this.view.getUint8(at) : 0;
  }

  u16(at: number, littleEndian = false): number {
    return at + 2 <= this.length ? this.view.getUint16(at, littleEndian) : 0;
  }

  u32(at: number, littleEndian = false): number {
    return at + 4 <= this.length ? this.view.getUint32(at, littleEndian) : 0;
  }

  /** The four characters at this offset. */
  name(at: number): string {
    return String.fromCharCode(this.u8(at), this.u8(at + 1), this.u8(at + 2), this.u8(at + 3));
  }
}
