import { isUtf8 } from 'node:buffer';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [
  { mark: Buffer.from([0xff, 0xfe]), label: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), label: 'utf-16be' },
];

/**
 * Converts a body of any charset to UTF-8 without a byte order mark: JSON.parse accepts no mark, and answers in GBK are to be
 * understood. Bytes that are valid UTF-8 stay as they are, even where a header names another charset.
 */
export function toUtf8(body: Buffer, contentType: string | undefined): Buffer {
  if (body.subarray(0, UTF8_MARK.length).equals(UTF8_MARK)) return body.subarray(UTF8_MARK.length);
  const marked = UTF16_MARKS.find(({ mark }) => body.subarray(0, mark.length).equals(mark));
  if (marked !== undefined) return decode(body, marked.label);
  const charset = /;\s*charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType ?? '')?.[1] ?? '';
  const isOther = /^utf-?16/i.test(charset) || (charset !== '' && !isUtf8(body));
  return isOther ? decode(body, charset) : body;
}

/** Longest body that is converted: bodies in other charsets hold texts and no pictures, and a megabyte takes 10 ms. */
const MOST_DECODED_BYTES = 1024 * 1024;

/** Decodes bytes of a charset. Bytes of an unknown charset, and bodies that are too long, stay as they are. */
function decode(body: Buffer, label: string): Buffer {
  if (body.length > MOST_DECODED_BYTES) return body;
  try {
    return Buffer.from(new TextDecoder(label).decode(body), 'utf8');
  } catch {
    return body;
  }
}
