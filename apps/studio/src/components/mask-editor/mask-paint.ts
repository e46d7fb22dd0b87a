import type { Area, MaskBitmap } from './mask-bitmap.ts';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

const FILL_ALPHA = 125;
const EDGE_ALPHA = 235;
const EDGE: Colour = [255, 255, 255];
/** Of the longer side: an edge of about one px of the screen where the picture fills a window. */
const EDGE_SHARE = 1 / 480;

/** How a mask is shown over its picture: a veil of one colour with a white edge, which is seen on bright and dark pictures. */
export function paintMask(canvas: HTMLCanvasElement, bitmap: MaskBitmap, area: Area, colour: Colour): void {
  const context = canvas.getContext('2d');
  const thickness = Math.max(1, Math.round(Math.max(bitmap.width, bitmap.height) * EDGE_SHARE));
  const left = Math.max(area.left - thickness, 0);
  const top = Math.max(area.top - thickness, 0);
  const width = Math.min(area.right + thickness, bitmap.width) - left;
  const height = Math.min(area.bottom + thickness, bitmap.height) - top;
  if (context == null || width <= 0 || height <= 0) return;
  const image = context.createImageData(width, height);
  fillVeil(image.data, bitmap, { left, top, width, height }, colour, thickness);
  context.putImageData(image, left, top);
}

/** Writes RGBA of a part of the mask. */
export function fillVeil(
  data: Uint8ClampedArray,
  bitmap: MaskBitmap,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  colour: Colour,
  thickness: number,
): void {
  const { bytes, width: stride } = bitmap;
  const last = bytes.length - 1;
  let at = 0;
  for (let y = top; y < top + height; y += 1) {
    for (let x = left; x < left + width; x += 1, at += 4) {
      const from = y * stride + x;
      if (bytes[from] === 0) continue;
      // Px beyond the picture count as marked: its own border is no edge.
      const isEdge =
        (x >= thickness && bytes[from - thickness] === 0) ||
        (x < stride - thickness && bytes[from + thickness] === 0) ||
        (from - thickness * stride >= 0 && bytes[from - thickness * stride] === 0) ||
        (from + thickness * stride <= last && bytes[from + thickness * stride] === 0);
      const [red, green, blue] = isEdge ? EDGE : colour;
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
      data[at + 3] = isEdge ? EDGE_ALPHA : FILL_ALPHA;
    }
  }
}

/** Reads a colour as the browser computes it, such as `rgb(64, 72, 196)`. */
export function readColour(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
