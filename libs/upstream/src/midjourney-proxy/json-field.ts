import { isStorable, storableText } from '#libs/wire';

export type JsonObject = Record<string, unknown>;

/** Whether a parsed JSON value is an object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON of a foreign server; undefined when it is none. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** A string field that Postgres can store; numbers count as text, null and absence as "". At most `max` characters. */
export function textOf(value: unknown, max = 16_384): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? storableText(value.length > max ? value.slice(0, max) : value) : '';
}

/** As textOf, with null for "". */
export function textOrNull(value: unknown, max?: number): string | null {
  return textOf(value, max) || null;
}

/** A whole number given as number or digits; null for anything else. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

const MAX_ID_CHARS = 128;

/** An id given as text or as a whole number; null for anything else, such as a number whose last digits JSON lost. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  const text = typeof value === 'string' ? storableText(value).trim() : '';
  return text !== '' && text.length <= MAX_ID_CHARS ? text : null;
}

/** An http(s) link of sane length that Postgres can store; null for anything else. */
export function linkOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text.length <= 4_096 && /^https?:\/\/\S+$/i.test(text) && isStorable(text) ? text : null;
}
