import type { PictureType } from '../format/picture-type.js';
import { regionOf, type GridCell, type Region } from '../serve/grid-layout.js';
import { shownSize, type PictureShape } from './picture-shape.js';

/** The wanted result of a conversion. */
export interface ConversionTarget {
  type: PictureType;
  /** The part to cut out; null: all of the picture. */
  cell: GridCell | null;
  /** px; null: the width that it has. Nothing is ever enlarged. */
  width: number | null;
  /** Whether the picture is a mask, of which black and white are made: see MaskConverter. */
  isMask?: boolean;
}

/** How a picture is converted. */
export interface ConversionPlan {
  type: PictureType;
  /** The part to cut out of the picture as it is shown; null: all of it. */
  region: Region | null;
  /** Width to scale to, px; null: not scaled. */
  width: number | null;
  /** Whether all frames are converted. */
  isAnimated: boolean;
  /** Whether black and white are made of it, with the size that it has. */
  isMask: boolean;
  /** Size of one frame of the result, px. */
  output: { width: number; height: number };
  /** Pixels of all frames that are decoded; the decoder refuses more. */
  inputPixels: number;
}

/**
 * Plans a conversion. An animation stays one where the output can be animated and no part is cut out; else its first
 * frame is converted.
 */
export function planConversion(
  shape: PictureShape,
  { type, cell, width, isMask = false }: ConversionTarget,
): ConversionPlan {
  const shown = shownSize(shape);
  const region = cell === null ? null : regionOf(shown, cell);
  const cut = region ?? shown;
  const scaled = width !== null && width < cut.width ? width : null;
  const isAnimated = shape.frames > 1 && region === null && type === 'image/webp';
  return {
    type,
    region,
    width: scaled,
    isAnimated,
    isMask,
    output: {
      width: scaled ?? cut.width,
      height: scaled === null ? cut.height : Math.max(1, Math.round((cut.height * scaled) / cut.width)),
    },
    inputPixels: shape.width * shape.height * (isAnimated ? shape.frames : 1),
  };
}
