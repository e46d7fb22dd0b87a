import { PICTURE_FIELDS } from '../../http/streaming-json/body-scanner.js';
import { isBlank, isLink } from '../pictures/picture.js';

/** The smallest PNG that there is: one pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/**
 * A body with one pixel in the place of each picture that is no link: a price depends on whether pictures are there and on
 * how many, so that nobody has to send megabytes for it.
 */
export function withStandIns(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => {
      if (!PICTURE_FIELDS.has(field)) return [field, value];
      const standIn = (text: unknown): unknown =>
        typeof text !== 'string' || isBlank(text) || isLink(text, field) ? text : PIXEL;
      return [field, Array.isArray(value) ? value.map(standIn) : standIn(value)];
    }),
  );
}
