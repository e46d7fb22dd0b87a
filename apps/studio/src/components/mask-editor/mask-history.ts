import type { Point } from '../pan-zoom/view-geometry.ts';
import type { Area, MaskBitmap } from './mask-bitmap.ts';

/** One thing that was done to a mask, in px of the picture. */
export type Mark =
  | { kind: 'stroke'; isMarking: boolean; radius: number; points: readonly Point[] }
  | { kind: 'rectangle'; isMarking: boolean; from: Point; to: Point }
  | { kind: 'lasso'; isMarking: boolean; points: readonly Point[] }
  | { kind: 'invert' }
  | { kind: 'clear' };

/** Does one thing to a mask. @returns what it changed */
export function applyMark(bitmap: MaskBitmap, mark: Mark): Area {
  switch (mark.kind) {
    case 'stroke':
      return applyStroke(bitmap, mark);
    case 'rectangle':
      return bitmap.rectangle(mark.from, mark.to, mark.isMarking);
    case 'lasso':
      return bitmap.polygon(mark.points, mark.isMarking);
    case 'invert':
      return bitmap.invert();
    case 'clear':
      return bitmap.clear();
  }
}

function applyStroke(bitmap: MaskBitmap, { points, radius, isMarking }: Extract<Mark, { kind: 'stroke' }>): Area {
  let before = points[0];
  for (const point of points) {
    bitmap.stroke(before ?? point, point, radius, isMarking);
    before = point;
  }
  return bitmap.area;
}

/** What was done to a mask, and what was undone and can be done again. */
export interface MaskHistory {
  readonly done: readonly Mark[];
  readonly undone: readonly Mark[];
}

export const EMPTY_HISTORY: MaskHistory = { done: [], undone: [] };

/** Something new was done: what had been undone is forgotten. */
export function afterMark({ done }: MaskHistory, mark: Mark): MaskHistory {
  return { done: [...done, mark], undone: [] };
}

/** Takes back what was done last; the same history where there is nothing. */
export function undone(history: MaskHistory): MaskHistory {
  const last = history.done.at(-1);
  return last === undefined ? history : { done: history.done.slice(0, -1), undone: [...history.undone, last] };
}

/** Does again what was taken back last; the same history where there is nothing. */
export function redone(history: MaskHistory): MaskHistory {
  const last = history.undone.at(-1);
  return last === undefined ? history : { done: [...history.done, last], undone: history.undone.slice(0, -1) };
}

/** Makes a mask anew from all that was done to it. */
export function replay(bitmap: MaskBitmap, { done }: MaskHistory): void {
  bitmap.clear();
  // What stood before the last clearing leaves no trace.
  const from = done.findLastIndex(({ kind }) => kind === 'clear') + 1;
  for (const mark of done.slice(from)) applyMark(bitmap, mark);
}
