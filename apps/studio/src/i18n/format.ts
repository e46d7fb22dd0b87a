import { locale } from './language.ts';

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function cached<Format extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  name: string,
  make: (tag: string) => Format,
): Format {
  const key = `${locale()} ${name}`;
  const found = formats.get(key);
  if (found !== undefined) return found as Format;
  const made = make(locale());
  formats.set(key, made);
  return made;
}

/** A number with the separators of the language, at most `digits` behind the point. */
export function formatNumber(value: number, digits = 0): string {
  return cached(`n${digits}`, (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: digits })).format(value);
}

/** A share of 0 to 1 as a percentage. */
export function formatShare(value: number, digits = 1): string {
  const make = (tag: string): Intl.NumberFormat =>
    new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: digits });
  return cached(`p${digits}`, make).format(value);
}

/** Credits, given as number or decimal text, without needless zeros. */
export function formatCredits(value: number | string): string {
  return cached('c', (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 6 })).format(Number(value));
}

/** Date and time in the reader's time zone. @param at ms since the epoch, or ISO 8601 */
export function formatTime(at: number | string): string {
  const make = (tag: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' });
  return cached('t', make).format(new Date(at));
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago something was, or how far ahead it is: "2 minutes ago". @param at ms since the epoch, or ISO 8601 @param style `narrow`: "2min ago", where room is short */
export function formatAge(at: number | string, now = Date.now(), style: 'long' | 'narrow' = 'long'): string {
  const seconds = (new Date(at).getTime() - now) / 1_000;
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const make = (tag: string): Intl.RelativeTimeFormat => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style });
  return cached(style, make).format(Math.round(seconds / size), unit);
}

/** A span as a clock shows it: 4.2 s, 3:05, 2:10:00. @param seconds zero or more */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${formatNumber(seconds, 1)} s`;
  if (seconds < 60) return `${formatNumber(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
