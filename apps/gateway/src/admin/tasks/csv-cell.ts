/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A value of a CSV file: a text, a number or a time; null is an empty cell. */
export type CsvValue = string | number | boolean | Date | null;

/** The end of a record, by RFC 4180. */
const RECORD_END = '\r\n';

/**
 * One record of a CSV file (RFC 4180) with its end. A text that a spreadsheet would run as a formula gets an apostrophe in
 * front, which spreadsheets take for "this is text".
 */
export function csvRecord(values: readonly CsvValue[]): string {
  return values.map(csvCell).join(',') + RECORD_END;
}

function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
