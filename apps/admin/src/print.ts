import { isObject, type Json, type JsonObject } from './admin-api.js';

const GAP = '  ';
/** Of a cell; the rest of a long prompt is left to --json. */
const WIDEST = 60;

/** A table with a line for each row; columns as wide as they have to be. A dot leads into what is inside a column. */
export function table(rows: readonly JsonObject[], columns: readonly string[]): string {
  const cells = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((name) => cell(row[name]))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

/** One thing, a line for each of its fields. */
export function card(value: JsonObject): string {
  const names = Object.keys(value);
  const widest = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(widest)}${GAP}${plain(value[name])}`).join('\n');
}

function cell(value: Json | undefined): string {
  const text = plain(value).replace(/\s+/g, ' ');
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

/** Control characters of a prompt or an answer must not reach the terminal. */
function plain(value: Json | undefined): string {
  if (value === null || value === undefined) return '-';
  const isList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  const text = isList
    ? value.join(',')
    : isObject(value) || Array.isArray(value)
      ? JSON.stringify(value)
      : String(value);
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
