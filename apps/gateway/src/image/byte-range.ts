import type { ByteSpan } from '#libs/assets';

/** `whole`: no range, one that is not understood, or several of them: a server may answer these with everything. */
export type AskedRange = { kind: 'whole' } | { kind: 'part'; span: ByteSpan } | { kind: 'unsatisfiable' };

const WHOLE: AskedRange = { kind: 'whole' };

/**
 * Reads a `Range` header (RFC 9110 §14): one range of bytes of a file with `size` bytes.
 * A range that ends behind the file is cut off; one that begins there cannot be satisfied.
 */
export function parseRange(header: string | undefined, size: number): AskedRange {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return WHOLE;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? { kind: 'unsatisfiable' } : part(size - length, size - 1);
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return WHOLE;
  return start >= size ? { kind: 'unsatisfiable' } : part(start, end);
}

function part(start: number, end: number): AskedRange {
  return { kind: 'part', span: { start, end } };
}
