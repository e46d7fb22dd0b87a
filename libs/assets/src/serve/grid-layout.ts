/** How the pictures of a grid stand: in rows from the upper left, as one reads. */
export interface GridLayout {
  columns: number;
  rows: number;
}

/** One place of a grid; `n` from 1. */
export interface GridCell extends GridLayout {
  n: number;
}

/** A rectangle in px. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How far a picture may be off the shape that was asked for; Midjourney rounds sides to multiples of 16 px. */
const MOST_DEVIATION = 0.1;

/** A quarter of a grid of four: 1 upper left, 2 upper right, 3 lower left, 4 lower right. */
export function quarter(n: 1 | 2 | 3 | 4): GridCell {
  return { n, columns: 2, rows: 2 };
}

/**
 * The layout of a grid that came as one picture; null: nobody can tell, so nothing may be cut out of it. Four pictures
 * (and three, of which the fourth is missing) are 2×2, as Midjourney shows them. For other numbers there is no record of
 * a layout, so it follows from the picture itself: it is the one in which each place has the shape that was asked for,
 * so 24 square pictures on 3:2 are 6×4.
 * @param count how many pictures the grid has
 * @param size px of the whole
 * @param aspect width by height that was asked for
 */
export function layoutOf(
  count: number,
  { width, height }: { width: number; height: number },
  aspect: number,
): GridLayout | null {
  if (count === 3 || count === 4) return { columns: 2, rows: 2 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = count / columns;
    if (!Number.isInteger(rows)) continue;
    const shape = width / columns / (height / rows);
    if (Math.abs(Math.log(shape / aspect)) <= MOST_DEVIATION) return { columns, rows };
  }
  return null;
}

/** A sensible layout for pictures that are put together: nearly square, wider than high, with few empty places. */
export function layoutFor(count: number): GridLayout {
  if (count === 3) return { columns: 2, rows: 2 };
  const layouts = Array.from({ length: count }, (_, at) => ({ columns: at + 1, rows: Math.ceil(count / (at + 1)) }));
  const cost = ({ columns, rows }: GridLayout): number =>
    columns < rows ? Infinity : 2 * (columns * rows - count) + columns - rows;
  return layouts.reduce((best, layout) => (cost(layout) <= cost(best) ? layout : best));
}

/** The part of a picture at a place; where pixels cannot be shared out evenly the right and lower parts are larger. */
export function regionOf(size: { width: number; height: number }, { n, columns, rows }: GridCell): Region {
  const edge = (length: number, at: number, parts: number): number => Math.floor((length * at) / parts);
  const column = (n - 1) % columns;
  const row = Math.floor((n - 1) / columns);
  const [left, top] = [edge(size.width, column, columns), edge(size.height, row, rows)];
  return {
    left,
    top,
    width: edge(size.width, column + 1, columns) - left,
    height: edge(size.height, row + 1, rows) - top,
  };
}
