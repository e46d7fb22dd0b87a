import type { PictureType } from '../format/picture-type.js';
import { quarterOf, type Quarter, type Region } from '../serve/picture-variant.js';
import { shownSize, type PictureShape } from './picture-shape.js';

/** What is wanted of a picture. */
export interface ConversionWish {
  type: PictureType;
  /** Null: all of it. */
  quarter: Quarter | null;
  /** px; null: as wide as it is. Nothing is ever enlarged. */
  width: number | null;
}

/** How a picture is converted. */
export interface ConversionPlan {
  type: PictureType;
  /** Cut out of the picture as it is shown; null: all of it. */
  region: Region | null;
  /** Scaled to; null: not at all. */
  width: number | null;
  /** Whether all frames are converted. */
  isAnimated: boolean;
  /** Of one frame of what comes out, px. */
  output: { width: number; height: number };
  /** Of all frames that are decoded: the decoder takes no more. */
  inputPixels: number;
}

/** Animations stay animated where the output can be and no part is cut out of them; else the first frame counts. */
export function planConversion(shape: PictureShape, { type, quarter, width }: ConversionWish): ConversionPlan {
  const shown = shownSize(shape);
  const region = quarter === null ? null : quarterOf(shown, quarter);
  const cut = region ?? shown;
  const scaled = width !== null && width < cut.width ? width : null;
  const isAnimated = shape.frames > 1 && region === null && type === 'image/webp';
  return {
    type,
    region,
    width: scaled,
    isAnimated,
    output: {
      width: scaled ?? cut.width,
      height: scaled === null ? cut.height : Math.max(1, Math.round((cut.height * scaled) / cut.width)),
    },
    inputPixels: shape.width * shape.height * (isAnimated ? shape.frames : 1),
  };
}
