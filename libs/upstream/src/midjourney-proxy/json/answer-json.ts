import { setImmediate as nextTurn } from 'node:timers/promises';
import { JsonStructure } from '#libs/wire';
import type { HttpAnswer } from '../http/http-answer.js';
import { ANSWER_LIMITS, hasTooMuchText, parseJson, parseText, UNCOUNTED_BYTES } from './json-field.js';

/** Bytes that are counted before the clock is looked at: a millisecond of them at the worst. */
const STEP_BYTES = 256 * 1024;
/** How long the event loop is kept at a time while bytes are counted, ms. */
const TURN_MS = 10;

/** What an answer says as JSON, as its body was read; undefined where it is none. */
export function parsedOf({ json, body }: HttpAnswer): unknown {
  return json == null ? parseJson(body) : json.value;
}

/**
 * The same as parseJson for an answer of many megabytes: its structure is counted in turns of 10 ms, and it is parsed in a
 * turn of its own, so that neither adds to what was done before or is done with it. A picture of 15 MB takes 25 ms of that.
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
