import type { AssetKey } from '../keep/asset.entity.js';
import { PICTURE_TYPES, type PictureType } from '../format/picture-type.js';

/**
 * `yyyy/mm/dd/<task>-<n>.<ext>`, videos `…-v<n>.<ext>`; the day is that of `createdAt` in UTC, so a retry finds the same
 * name.
 */
export function fileName(asset: AssetKey & { createdAt: Date }, type: PictureType): string {
  const day = asset.createdAt.toISOString().slice(0, 10).replaceAll('-', '/');
  const number = asset.kind === 'video' ? `v${asset.n}` : String(asset.n);
  return `${day}/${asset.taskId}-${number}.${PICTURE_TYPES[type].extension}`;
}

/** `2026/11/22/1-0.png` + `crop2-w512`, webp → `2026/11/22/1-0-crop2-w512.webp` */
export function variantName(file: string, suffix: string, type: PictureType): string {
  return `${file.replace(/\.[a-z0-9]+$/, '')}-${suffix}.${PICTURE_TYPES[type].extension}`;
}

/**
 * Prefixes of the names of a file and of all its variants.
 * `2026/11/22/1-0.png` → `2026/11/22/1-0.` and `2026/11/22/1-0-`
 */
export function variantPrefixes(file: string): [string, string] {
  const stem = file.replace(/\.[a-z0-9]+$/, '');
  return [`${stem}.`, `${stem}-`];
}

/**
 * Checks a name and returns it. @throws Error for a name that this lib does not make; names come from the database, never
 * from a request
 */
export function storedName(name: string): string {
  if (!/^[a-z0-9-]+(?:[/.][a-z0-9-]+)*$/.test(name)) throw new Error(`"${name}" is no name of a kept picture`);
  return name;
}
