import pg from 'pg';

const TIMESTAMPTZ = pg.types.builtins.TIMESTAMPTZ;
const anyTimestamp = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;
/** As a session in UTC writes it. */
const USUAL = '2026-11-22 22:59:12.123456+00';
const DATE_CHARS = 10;

/**
 * A timestamptz as Postgres writes it. Node reads the usual form itself in a fifth of the time that the driver takes for
 * all forms there are; a task has up to seventeen of them.
 */
export function readTimestamp(text: string): Date {
  const isUsual = text[DATE_CHARS] === ' ' && text.endsWith('+00') && text.length <= USUAL.length;
  if (!isUsual) return anyTimestamp(text);
  return new Date(`${text.slice(0, DATE_CHARS)}T${text.slice(DATE_CHARS + 1, -3)}Z`);
}

/** Types as the driver reads them, but for timestamps. */
export const ROW_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === TIMESTAMPTZ && format !== 'binary' ? readTimestamp : (pg.types.getTypeParser(id, format) as never),
};
