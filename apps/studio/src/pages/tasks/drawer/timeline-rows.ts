import type { TimelineLine } from './dossier.ts';

/** A line of the timeline as it is shown: an event, or several of a progress that went on steadily. */
export interface TimelineRow {
  first: TimelineLine;
  last: TimelineLine;
  count: number;
  /** Seconds since the row before; null: it is the first. */
  gap: number | null;
}

/** From so many events of progress in a row on, they are one row. */
const FOLDED = 3;

/** The events with the gaps between them. A long run of progress becomes one row: what matters is before and after. */
export function timelineRows(lines: readonly TimelineLine[]): TimelineRow[] {
  const runs: TimelineLine[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run !== undefined && line.kind === 'progress' && run[0]?.kind === 'progress') run.push(line);
    else runs.push([line]);
  }
  const rows: TimelineRow[] = [];
  for (const run of runs) {
    for (const part of run.length >= FOLDED ? [run] : run.map((line) => [line])) {
      const [first] = part;
      const last = part.at(-1);
      if (first === undefined || last === undefined) continue;
      const before = rows.at(-1)?.last;
      const gap = before === undefined ? null : Math.max(0, (Date.parse(first.at) - Date.parse(before.at)) / 1_000);
      rows.push({ first, last, count: part.length, gap });
    }
  }
  return rows;
}

/**
 * What an event's detail says, one text for each value. Values that hold more are shown as JSON.
 *
 * @param labels words for names; a name without one stands for itself
 * @param worded turns a value into words, where there are any
 */
export function detailParts(
  detail: Record<string, unknown>,
  labels: Readonly<Record<string, string>> = {},
  worded: (name: string, text: string) => string = (_name, text) => text,
): string[] {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '' && value !== false)
    .map(([name, value]) => {
      const label = labels[name] ?? name;
      if (value === true) return label;
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
      return `${label} ${worded(name, text)}`;
    });
}
