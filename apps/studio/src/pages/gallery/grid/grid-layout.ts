/** Where a card stands, in px from the grid's upper left corner. */
export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  /** Of the picture; the foot follows below. */
  height: number;
}

export interface GridShape {
  /** px that cards share. */
  width: number;
  gap: number;
  /** Height of a picture that rows aim at. */
  rowHeight: number;
  /** Height of the text below each picture. */
  foot: number;
}

/** A row that ends the list may be this much higher than others, before it is left unfilled. */
const MOST_STRETCH = 1.3;
/** Rows that would be lower than this share take one card less. */
const LEAST_SHRINK = 0.64;

/** Sizes of the grid for a width. */
export function gridShape(width: number): GridShape {
  if (width < 520) return { width, gap: 16, rowHeight: width, foot: 84 };
  if (width < 900) return { width, gap: 16, rowHeight: 236, foot: 84 };
  return { width, gap: 20, rowHeight: 284, foot: 84 };
}

const isSingleColumn = ({ width }: GridShape): boolean => width < 520;

/**
 * Places cards in rows of even height that fill the width, in the order given. A row depends on those before it only, so that
 * what is added at the end moves nothing that was complete.
 *
 * @param ratioOf width of a card's picture for a height of 1
 */
export function layOut(
  ids: readonly string[],
  ratioOf: (id: string) => number,
  shape: GridShape,
): { boxes: Box[]; height: number } {
  const boxes: Box[] = [];
  let y = 0;
  let row: { id: string; ratio: number }[] = [];
  let sum = 0;
  const close = (limit: number): void => {
    const free = shape.width - shape.gap * (row.length - 1);
    const height = Math.round(Math.min(free / sum, limit));
    let x = 0;
    row.forEach(({ id, ratio }, at) => {
      const isLast = at === row.length - 1;
      const fills = free / sum <= limit && isLast;
      const width = fills ? shape.width - x : Math.round(ratio * height);
      boxes.push({ id, x, y, width, height });
      x += width + shape.gap;
    });
    y += height + shape.foot + shape.gap;
    row = [];
    sum = 0;
  };
  for (const id of ids) {
    const ratio = ratioOf(id);
    if (isSingleColumn(shape)) {
      row = [{ id, ratio }];
      sum = ratio;
      close(shape.width * MOST_STRETCH);
      continue;
    }
    const free = shape.width - shape.gap * row.length;
    if (row.length > 0 && free / (sum + ratio) < shape.rowHeight * LEAST_SHRINK) close(Number.POSITIVE_INFINITY);
    row.push({ id, ratio });
    sum += ratio;
    if ((shape.width - shape.gap * (row.length - 1)) / sum <= shape.rowHeight) close(Number.POSITIVE_INFINITY);
  }
  if (row.length > 0) close(shape.rowHeight);
  return { boxes, height: Math.max(0, y - shape.gap) };
}

/** The boxes that reach into a stretch of the grid. @param boxes from top to bottom */
export function boxesBetween(boxes: readonly Box[], top: number, bottom: number, foot: number): readonly Box[] {
  let low = 0;
  let high = boxes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const box = boxes[middle];
    if (box !== undefined && box.y + box.height + foot < top) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < boxes.length && (boxes[end]?.y ?? Number.POSITIVE_INFINITY) <= bottom) end += 1;
  return boxes.slice(low, end);
}

/** The card that an arrow key leads to; null: none. Up and down go to the card of the next row that stands nearest. */
export function neighbour(boxes: readonly Box[], at: number, key: string): number | null {
  const from = boxes[at];
  if (from === undefined) return boxes.length > 0 ? 0 : null;
  const step: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: boxes.length - 1 };
  const next = step[key];
  if (next !== undefined) return boxes[next] === undefined ? null : next;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const direction = key === 'ArrowDown' ? 1 : -1;
  const middle = from.x + from.width / 2;
  let best: number | null = null;
  let rowY: number | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let index = at + direction; ; index += direction) {
    const box = boxes[index];
    if (box === undefined || (rowY !== null && box.y !== rowY)) return best;
    if (box.y === from.y) continue;
    rowY = box.y;
    const distance = Math.abs(box.x + box.width / 2 - middle);
    if (distance < nearest) [nearest, best] = [distance, index];
  }
}
