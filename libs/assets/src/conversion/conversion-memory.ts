import { planConversion, type ConversionPlan } from './conversion-plan.js';
import type { GridPlan } from './grid-plan.js';
import type { PictureShape } from './picture-shape.js';

const MIB = 1024 * 1024;

/** Memory of every conversion, for buffers of lines, tables and code, bytes. */
const EACH = 24 * MIB;
/** Memory of an animation for the canvas, the frame before and the new frame, bytes per px of one frame. */
const CANVAS = 24;
/** Memory of a mask, for its alphas and what is made of them, bytes per px. */
const MASK = 3;

/**
 * Bytes of memory that a conversion takes at its peak, beyond what the idle process has. All of it was measured, as the
 * growth of the process's peak (VmHWM) with pictures of 20 megapixels, noise and plain, and rounded up; the spec
 * measures again. Bytes per px of one decoded frame, sharp 0.35.5:
 *
 * | PNG RGB 1.5 · RGBA 2.2 · RGBA of 16 bits 4.0 | interlaced 4.1 · 10.9 |
 * | JPEG 0.6 | progressive 4:2:0 4.3 · 4:4:4 7.9 · CMYK 11.6: all coefficients |
 * | WebP 8.8, scaled down 4 | GIF 6.8 | AVIF 20.9, 10 and 12 bits 25.3 (28 of 99 megapixels) | TIFF 4.0 |
 *
 * and per px that is encoded: WebP 6.5, with transparency or of 16 bits 12.1 · JPEG 6.7 · PNG 1.0.
 */
export function memoryFor(shape: PictureShape, plan: ConversionPlan): number {
  const framePixels = shape.width * shape.height;
  const outputPixels = plan.output.width * plan.output.height * (plan.isAnimated ? shape.frames : 1);
  const turned = shape.orientation > 1 ? shape.channels * shape.bytes : 0;
  const decoded = decodedBytes(shape, plan) + turned + (plan.isAnimated ? CANVAS : 0);
  const alpha = plan.isMask ? MASK : 0;
  return EACH + framePixels * (decoded + alpha) + outputPixels * encodedBytes(shape, plan);
}

/** Bytes of the whole grid and of a tile that is placed on it, per px: colours without transparency, of 8 bits. */
const CANVAS_PIXEL = 3;

/** The same for a grid: its tiles are decoded one after the other and placed on it; then it is encoded. */
export function memoryForGrid(shapes: readonly (PictureShape | null)[], plan: GridPlan): number {
  const tile = Math.max(...shapes.map((shape) => (shape === null ? 0 : tileBytes(shape, plan))));
  const canvas = plan.output.width * plan.output.height;
  return EACH + tile + canvas * (CANVAS_PIXEL + encodedBytes(PLAIN, { type: plan.type, isAnimated: false }));
}

const PLAIN = { hasAlpha: false, bytes: 1, frames: 1 } as const;

function tileBytes(shape: PictureShape, { type, tile }: GridPlan): number {
  const plan = planConversion(shape, { type, cell: null, width: tile.width });
  const turned = shape.orientation > 1 ? shape.channels * shape.bytes : 0;
  // What is placed is a copy of what was scaled.
  const placed = 2 * CANVAS_PIXEL * tile.width * tile.height;
  return shape.width * shape.height * (decodedBytes(shape, plan) + turned) + placed;
}

function decodedBytes({ format, channels, bytes, isProgressive, width }: PictureShape, plan: ConversionPlan): number {
  const pixel = channels * bytes;
  switch (format) {
    case 'png':
      return pixel * (isProgressive ? 1.5 : 0.6);
    case 'jpeg':
      return isProgressive ? 2 * channels + 4 : 1;
    case 'webp':
      // The decoder scales by itself where nothing is cut out.
      return plan.region === null && plan.width !== null && plan.width * 2 <= width ? 6 : 9;
    case 'gif':
      return 8;
    case 'heif':
      return 28;
    case 'tiff':
      // A strip may be the whole picture.
      return pixel * 2;
  }
}

function encodedBytes(
  { hasAlpha, bytes, frames }: Pick<PictureShape, 'hasAlpha' | 'bytes' | 'frames'>,
  { type, isAnimated }: Pick<ConversionPlan, 'type' | 'isAnimated'>,
): number {
  switch (type) {
    case 'image/png':
      return 2;
    case 'image/jpeg':
      return 7;
    default:
      return isAnimated && frames > 1 ? 6.5 : hasAlpha || bytes > 1 ? 13 : 6.5;
  }
}
