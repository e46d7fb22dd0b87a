import type { PictureText } from '#libs/upstream';
import { PICTURE_FIELDS } from './body-scanner.js';

/** Puts extracted pictures back in the place of their placeholders: in fields of a body, and in lists there. */
export function restorePictures(body: unknown, pictures: ReadonlyMap<string, PictureText>): void {
  if (pictures.size === 0 || typeof body !== 'object' || body === null) return;
  const fields = body as Record<string, unknown>;
  const restored = (value: unknown): unknown => (typeof value === 'string' ? (pictures.get(value) ?? value) : value);
  for (const name of PICTURE_FIELDS) {
    if (!Object.hasOwn(fields, name)) continue;
    const value = fields[name];
    fields[name] = Array.isArray(value) ? value.map(restored) : restored(value);
  }
}
