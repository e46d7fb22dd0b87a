import type { SqlResult } from '../../../api/questions.ts';
import { cellText } from '../../../components/results/cell-text.ts';

const NARROWEST = 5;
const WIDEST = 46;
/** A moment as the page writes it is shorter than as Postgres does. */
const MOMENT = 24;

/** Widths of the columns by what is in them, in characters: they stay while rows come and go on the screen. */
export function columnWidths({ columns, rows }: SqlResult): number[] {
  return columns.map(({ name, type }, at) => {
    if (type.startsWith('timestamp')) return Math.max(MOMENT, name.length + 2);
    const longest = rows.reduce((most, row) => Math.max(most, widthOf(cellText(row[at], 'null'))), name.length + 1);
    return Math.min(WIDEST, Math.max(NARROWEST, longest));
  });
}

/** Characters of Chinese are twice as wide. */
function widthOf(text: string): number {
  let width = 0;
  for (let at = 0; at < text.length && width < WIDEST; at += 1) width += text.charCodeAt(at) > 0x2e7f ? 2 : 1;
  return width;
}

/** Rows that a window of a list shows, with some above and below it. */
export function rowsInSight(
  { top, height }: { top: number; height: number },
  count: number,
  rowHeight: number,
): { first: number; last: number } {
  const margin = 12;
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + margin);
  return { first: Math.min(first, last), last };
}
