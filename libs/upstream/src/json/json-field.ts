import { isAscii } from 'node:buffer';
import { isWithinLimits, storableText, type JsonLimits } from '#libs/wire';

/** Longest JSON that is parsed without a look at its structure: it takes 10 ms at most, whatever it holds. */
export const UNCOUNTED_BYTES = 64 * 1024;
/**
 * One and a half times the values of a batch of 100 tasks whose modals are full of buttons. Twice as many values take
 * JSON.parse 70 to 270 ms where each has a name of its own.
 */
export const ANSWER_LIMITS: JsonLimits = { depth: 64, values: 50_000, keys: 5_000, keyLength: 256 };

/** Most bytes in pieces that are not all ASCII: decoding 16 MiB of those takes 70 to 100 ms, 16 MiB of ASCII take 15 ms. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024;
const TEXT_STEP = 64 * 1024;

export type JsonObject = Record<string, unknown>;

/** Whether a parsed JSON value is an object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON of another server; undefined where it is none, or is beyond the limits. */
export function parseJson(body: Buffer, limits = ANSWER_LIMITS): unknown {
  if (body.length > UNCOUNTED_BYTES && (hasTooMuchText(body) || !isWithinLimits(body, limits))) return undefined;
  return parseText(body);
}

/** Parses a body whose structure is within limits; undefined where it is no JSON. */
export function parseText(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString(isAscii(body) ? 'latin1' : 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Parses JSON inside a text of an answer; undefined where it is none, or is beyond the limits. */
export function parseJsonText(text: string, limits: JsonLimits): unknown {
  if (!isWithinLimits(Buffer.from(text, 'utf8'), limits)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a body has more text that is not ASCII than the texts of tasks: inline pictures are ASCII. */
export function hasTooMuchText(body: Buffer): boolean {
  let text = 0;
  for (let at = 0; at < body.length && text <= MOST_TEXT_BYTES; at += TEXT_STEP) {
    const piece = body.subarray(at, at + TEXT_STEP);
    if (!isAscii(piece)) text += piece.length;
  }
  return text > MOST_TEXT_BYTES;
}

/** A field as a text that Postgres can store, of at most `max` characters; numbers count as text, null and absence as "". */
export function textOf(value: unknown, max = 16_384): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? storableText(value.length > max ? value.slice(0, max) : value) : '';
}

/** Does the same as textOf, with null for "". */
export function textOrNull(value: unknown, max?: number): string | null {
  return textOf(value, max) || null;
}

/** An integer given as a number or as digits; null for anything else. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

const MAX_ID_CHARS = 128;

/** An id given as a text or an integer; null for anything else, such as a number whose last digits JSON lost. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  const text = typeof value === 'string' ? storableText(value).trim() : '';
  return text !== '' && text.length <= MAX_ID_CHARS ? text : null;
}
