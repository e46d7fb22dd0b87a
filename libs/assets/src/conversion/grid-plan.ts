import type { PictureType } from '../format/picture-type.js';
import { layoutFor, type GridLayout } from '../serve/grid-layout.js';
import { shownSize, type PictureShape } from './picture-shape.js';

/** How a grid is composed. */
export interface GridPlan extends GridLayout {
  type: PictureType;
  /** Size of each place, px. */
  tile: { width: number; height: number };
  /** Size of the whole, px. */
  output: { width: number; height: number };
  /** Pixels of each picture; the decoder refuses more. */
  inputPixels: number[];
}

/**
 * Plans a grid of pictures in their order, with room for the largest of them and nothing enlarged. PNG where one of them
 * is, so that nothing is lost; else JPEG where all are; else WebP.
 * @param shapes null: a place that is left dark
 * @param maxSide longest side of the whole, px
 */
export function planGrid(shapes: readonly (PictureShape | null)[], maxSide: number): GridPlan {
  const layout = layoutFor(shapes.length);
  const given = shapes.filter((shape) => shape !== null);
  const sizes = given.map(shownSize);
  const width = Math.max(1, ...sizes.map((size) => size.width));
  const height = Math.max(1, ...sizes.map((size) => size.height));
  const scale = Math.min(1, maxSide / (width * layout.columns), maxSide / (height * layout.rows));
  const tile = { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
  return {
    ...layout,
    type: typeFor(given),
    tile,
    output: { width: tile.width * layout.columns, height: tile.height * layout.rows },
    inputPixels: shapes.map((shape) => (shape === null ? 0 : shape.width * shape.height)),
  };
}

function typeFor(shapes: readonly PictureShape[]): PictureType {
  if (shapes.some(({ format }) => format === 'png')) return 'image/png';
  return shapes.every(({ format }) => format === 'jpeg') ? 'image/jpeg' : 'image/webp';
}
