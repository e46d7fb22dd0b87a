/** A picture of the draft: a file that was read, or a link that the gateway will fetch. */
export interface Picture {
  id: string;
  kind: 'file' | 'link';
  /** Name of the file, or host of the link. */
  name: string;
  /** Data URL, or the link. */
  data: string;
}

/** Why a picture is not taken; words for it are chosen where it is shown. */
export type PictureFault =
  | { fault: 'not-picture'; name: string }
  | { fault: 'too-heavy'; name: string }
  | { fault: 'too-large'; name: string }
  | { fault: 'too-many'; most: number }
  | { fault: 'bad-link' }
  | { fault: 'unreadable'; name: string };

/** Limits of the gateway, per picture and per request. */
export const MOST_BYTES = 10 * 1024 * 1024;
const MOST_SIDE_PX = 16_384;
const MOST_PIXELS = 50_000_000;
/** Of the 32 MiB of a request, some stay for everything that is no picture. */
export const MOST_REQUEST_CHARS = 32 * 1024 * 1024 - 64 * 1024;

/** What a file chooser offers; what is none of these is not read. */
export const ACCEPTED =
  'image/png,image/jpeg,image/webp,image/gif,image/avif,image/heic,image/heif,image/bmp,image/tiff';
const ACCEPTED_ENDING = /\.(?:png|jpe?g|webp|gif|avif|heic|heif|bmp|tiff?)$/i;

let made = 0;
function newId(): string {
  made += 1;
  return `${Date.now().toString(36)}-${made}`;
}

/** Reads a file as data URL, once it is known to be within the gateway's limits. */
export async function readPictureFile(file: File): Promise<Picture | PictureFault> {
  const { name } = file;
  const isPicture = ACCEPTED.split(',').includes(file.type) || (file.type === '' && ACCEPTED_ENDING.test(name));
  if (!isPicture) return { fault: 'not-picture', name };
  if (file.size > MOST_BYTES) return { fault: 'too-heavy', name };
  let data: string;
  try {
    data = await readAsDataUrl(file);
  } catch {
    return { fault: 'unreadable', name };
  }
  const side = await sizeOf(data);
  if (side !== null && isTooLarge(side)) return { fault: 'too-large', name };
  return { id: newId(), kind: 'file', name, data };
}

/** Whether a picture has more pixels than the gateway takes. */
export function isTooLarge({ width, height }: { width: number; height: number }): boolean {
  return width > MOST_SIDE_PX || height > MOST_SIDE_PX || width * height > MOST_PIXELS;
}

/** A picture by its link. @param text as typed or pasted */
export function readPictureLink(text: string): Picture | PictureFault {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { fault: 'bad-link' };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { fault: 'bad-link' };
  return { id: newId(), kind: 'link', name: url.host, data: url.href };
}

function readAsDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(new Error('unreadable'));
    reader.readAsDataURL(file);
  });
}

/** Null: the browser cannot show it (HEIC, TIFF), so the gateway will judge. */
function sizeOf(data: string): Promise<{ width: number; height: number } | null> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => resolve(null);
    image.src = data;
  });
}
