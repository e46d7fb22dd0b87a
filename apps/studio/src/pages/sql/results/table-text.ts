import type { SqlResult } from '../../../api/questions.ts';
import { cellText } from '../../../components/results/cell-text.ts';

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;
/** The end of a record, by RFC 4180. */
const RECORD_END = '\r\n';
const NUMBER = /^-?[\d.]+(?:e[+-]?\d+)?$/i;
/** Spreadsheets take the file for UTF-8 by this mark. */
const BOM = '\uFEFF';

/**
 * An answer as CSV (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe in front, as in the CSV files
 * of the gateway.
 */
export function toCsv({ columns, rows }: SqlResult): string {
  const record = (cells: readonly string[]): string => cells.join(',') + RECORD_END;
  return (
    record(columns.map(({ name }) => csvCell(name))) +
    rows.map((row) => record(row.map((cell) => csvCell(cell)))).join('')
  );
}

/** The same as a file. */
export function csvFile(result: SqlResult): Blob {
  return new Blob([BOM + toCsv(result)], { type: 'text/csv;charset=utf-8' });
}

function csvCell(cell: unknown): string {
  const plain = cellText(cell);
  const text = typeof cell === 'string' && FORMULA.test(plain) && !NUMBER.test(plain) ? `'${plain}` : plain;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An answer as a Markdown table. */
export function toMarkdown({ columns, rows }: SqlResult): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return (
    line(columns.map(({ name }) => markdownCell(name))) +
    line(columns.map(({ type }) => (isNumber(type) ? '---:' : '---'))) +
    rows.map((row) => line(row.map((cell) => markdownCell(cell)))).join('')
  );
}

function markdownCell(cell: unknown): string {
  return cellText(cell)
    .replace(/[\\|<>&*_`[\]]/g, '\\$&')
    .replace(/\r?\n|\r/g, '<br>');
}

/** Whether a column of this type holds numbers. */
export function isNumber(type: string): boolean {
  return /^(?:smallint|integer|bigint|numeric|real|double precision)/.test(type);
}
