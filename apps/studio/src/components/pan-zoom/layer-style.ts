import type { Sides, View } from './view-geometry.ts';

/** Style of an element that has a picture's own size and is shown as a view says. It stands at the frame's upper left corner. */
export function layerStyle({ width, height }: Sides, { x, y, scale }: View): Record<string, string> {
  return {
    width: `${width}px`,
    height: `${height}px`,
    transform: `translate(${x}px, ${y}px) scale(${scale})`,
  };
}
