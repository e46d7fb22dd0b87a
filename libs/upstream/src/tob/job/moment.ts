import { integerOf } from '../../json/json-field.js';

const SECONDS_BELOW = 100_000_000_000;
/** Before Midjourney existed: `0001-01-01T00:00:00Z` stands for no time. */
const EARLIEST_MS = Date.UTC(2022, 0, 1);
const DATE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)\s*(Z|[+-]\d{2}:?\d{2})?$/i;
/** A Chinese service that names no zone means its own. */
const HOME_ZONE = '+08:00';

/** A time of a vendor, ms since 1970: a date, or seconds or milliseconds; null where there is none. */
export function momentOf(value: unknown): number | null {
  const number = integerOf(value);
  const ms = number === null ? dateOf(value) : number < SECONDS_BELOW ? number * 1_000 : number;
  return ms !== null && ms >= EARLIEST_MS ? ms : null;
}

function dateOf(value: unknown): number | null {
  const [, day, time, zone = HOME_ZONE] = (typeof value === 'string' ? DATE.exec(value.trim()) : null) ?? [];
  if (day === undefined || time === undefined) return null;
  const ms = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}
