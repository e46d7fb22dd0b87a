/** Object id of the type bytea in Postgres. */
const OID_BYTEA = 17;
const HEADER_BYTES = 12;
const DIMENSION_BYTES = 8;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * Encodes a parameter of type bytea[] in Postgres' binary format, which the driver sends unchanged. The driver itself
 * writes an array of Buffers in hexadecimal: 27 MiB of pictures took 117 ms in one turn of the event loop, and six
 * times their memory.
 */
export function byteaArray(items: readonly (Buffer | null)[]): Buffer {
  const isEmpty = items.length === 0;
  const head = Buffer.alloc(HEADER_BYTES + (isEmpty ? 0 : DIMENSION_BYTES));
  head.writeInt32BE(isEmpty ? 0 : 1, 0);
  head.writeInt32BE(items.includes(null) ? 1 : 0, 4);
  head.writeInt32BE(OID_BYTEA, 8);
  if (!isEmpty) {
    head.writeInt32BE(items.length, HEADER_BYTES);
    // The lower bound of the array.
    head.writeInt32BE(1, HEADER_BYTES + 4);
  }
  const parts = items.flatMap((item) => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeInt32BE(item?.length ?? NULL_LENGTH);
    return item === null ? [length] : [length, item];
  });
  return Buffer.concat([head, ...parts]);
}
