import { isUtf8 } from 'node:buffer';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [
  { mark: Buffer.from([0xff, 0xfe]), label: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), label: 'utf-16be' },
];

/**
 * A body as UTF-8 without a byte order mark, whatever it came in: JSON.parse takes no mark, and what says something in GBK
 * is to be understood. Bytes that are UTF-8 stay as they are, also where a header calls them something else.
 */
export function toUtf8(body: Buffer, contentType: string | undefined): Buffer {
  if (body.subarray(0, UTF8_MARK.length).equals(UTF8_MARK)) return body.subarray(UTF8_MARK.length);
  const marked = UTF16_MARKS.find(({ mark }) => body.subarray(0, mark.length).equals(mark));
  if (marked !== undefined) return decode(body, marked.label);
  const charset = /;\s*charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType ?? '')?.[1] ?? '';
  const isOther = /^utf-?16/i.test(charset) || (charset !== '' && !isUtf8(body));
  return isOther ? decode(body, charset) : body;
}

/** What is in another charset has texts, and no pictures: a megabyte takes 10 ms. */
const MOST_DECODED_BYTES = 1024 * 1024;

/** A charset that is not known leaves the bytes as they are, and so does more of them than any answer has. */
function decode(body: Buffer, label: string): Buffer {
  if (body.length > MOST_DECODED_BYTES) return body;
  try {
    return Buffer.from(new TextDecoder(label).decode(body), 'utf8');
  } catch {
    return body;
  }
}
