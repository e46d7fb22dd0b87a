import { pictureUrl } from '../../../api/gateway-url.ts';

/** Has the browser keep a file; the gateway names it by task and number. */
export function download(link: string): void {
  const anchor = document.createElement('a');
  anchor.href = pictureUrl(link);
  anchor.download = '';
  anchor.click();
}

/** Whether this browser lets a page put pictures on the clipboard: not over plain HTTP of another machine. */
export function canCopyPictures(): boolean {
  return typeof ClipboardItem === 'function' && typeof navigator.clipboard?.write === 'function';
}

/** Puts a picture on the clipboard. @throws where the browser or the gateway refuses */
export async function copyPicture(link: string): Promise<void> {
  const url = new URL(pictureUrl(link));
  // Clipboards take PNG only.
  url.searchParams.set('format', 'png');
  const png = async (): Promise<Blob> => {
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`picture answered ${response.status}`);
    return response.blob();
  };
  // Given as a promise: some browsers forget the press of the button while a picture is fetched.
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png() })]);
}

/** Loads a picture ahead, so that it is there when it is turned to. */
export function preload(link: string): void {
  const image = new Image();
  image.decoding = 'async';
  image.src = pictureUrl(link);
}
