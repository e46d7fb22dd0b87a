import { isWithinLimits, storableText, type JsonLimits } from '#libs/wire';

/** Parsing this much takes 15 ms at the worst, whatever it holds; counting would cost more than it saves. */
const UNCOUNTED_BYTES = 256 * 1024;
/** Three times what a batch of 100 tasks has whose windows are full of buttons; at the worst 50 ms of JSON.parse. */
const ANSWER_LIMITS: JsonLimits = { depth: 64, values: 100_000, keys: 10_000, keyLength: 4_096 };

export type JsonObject = Record<string, unknown>;

/** Whether a parsed JSON value is an object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON of a foreign server; undefined when it is none, or more of it than any server has reason to send. */
export function parseJson(body: Buffer, limits = ANSWER_LIMITS): unknown {
  if (body.length > UNCOUNTED_BYTES && !isWithinLimits(body, limits)) return undefined;
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
