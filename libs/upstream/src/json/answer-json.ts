import { setImmediate as nextTurn } from 'node:timers/promises';
import { JsonStructure } from '#libs/wire';
import type { HttpAnswer } from '../http/http-answer.js';
import { ANSWER_LIMITS, hasTooMuchText, parseJson, parseText, UNCOUNTED_BYTES } from './json-field.js';

/** Bytes that are counted between two looks at the clock: they take a millisecond at most. */
const STEP_BYTES = 256 * 1024;
/** How long counting may block the event loop at a time, ms. */
const TURN_MS = 10;

/** The body of an answer as JSON; undefined where it is none. Parses it unless that was done when it was read. */
export function parsedOf({ json, body }: HttpAnswer): unknown {
  return json == null ? parseJson(body) : json.value;
}

/**
 * Does the same as parseJson for an answer of many megabytes without blocking the event loop for long: its structure is
 * counted in turns of 10 ms, and it is parsed in a turn of its own. A picture of 15 MB takes 25 ms to parse.
 */
export async function parseInTurns(body: Buffer): Promise<unknown> {
  if (body.length <= UNCOUNTED_BYTES) return parseJson(body);
  if (hasTooMuchText(body)) return undefined;
  const structure = new JsonStructure(ANSWER_LIMITS);
  let turnAt = performance.now();
  for (let at = 0; at < body.length; at += STEP_BYTES) {
    if (structure.feed(body.subarray(at, at + STEP_BYTES)) !== null) return undefined;
    if (performance.now() - turnAt < TURN_MS) continue;
    await nextTurn();
    turnAt = performance.now();
  }
  await nextTurn();
  const parsed = parseText(body);
  await nextTurn();
  return parsed;
}
