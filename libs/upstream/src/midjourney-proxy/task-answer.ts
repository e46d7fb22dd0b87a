import { SUBMIT_CODE } from '#libs/wire';
import { UpstreamCallError } from '../outcome.js';
import type { SeedReply } from '../snapshot.js';
import { integerOf, isObject, parseJson, textOf, type JsonObject } from './json-field.js';
import type { HttpAnswer } from './submit-answer.js';

/** Seeds are unsigned numbers of 32 bits; some servers give longer ones. */
const SEED = /^\d{1,20}$/;

/**
 * What an answer to a question for a seed says: code 1 with digits, given as text or as a number, else a refusal in the
 * upstream's words.
 * @throws UpstreamCallError for 5xx, a code 5, and what cannot be read
 */
export function readSeedAnswer({ status, body: bytes }: HttpAnswer): SeedReply {
  if (status >= 500) throw new UpstreamCallError('status_5xx');
  const parsed = parseJson(bytes);
  const body = isObject(parsed) ? parsed : null;
  if (status >= 400) return { kind: 'refused', words: wordsOf(body ?? {}) };
  const code = integerOf(body?.['code']);
  if (status >= 300 || body === null || code === null || code === SUBMIT_CODE.UNREACHABLE) {
    throw new UpstreamCallError('unreadable');
  }
  if (code !== SUBMIT_CODE.ACCEPTED) return { kind: 'refused', words: wordsOf(body) };
  const seed = textOf(body['result'], 64).trim();
  if (!SEED.test(seed)) throw new UpstreamCallError('unreadable');
  return { kind: 'seed', seed };
}

/**
 * Whether an upstream goes along with a cancellation: 2xx with no body (trueai's), or with JSON that does not say no.
 * @throws UpstreamCallError for 429 and 5xx, which say nothing
 */
export function readCancelAnswer({ status, body: bytes }: HttpAnswer): boolean {
  if (status >= 500) throw new UpstreamCallError('status_5xx');
  if (status === 429) throw new UpstreamCallError('status_4xx');
  if (status >= 300) return false;
  if (bytes.toString('utf8').trim() === '') return true;
  const body = parseJson(bytes);
  // A page of some other server is no answer.
  if (!isObject(body)) return body === true || body === null;
  const code = integerOf(body['code']);
  return body['success'] !== false && (code === null || AGREEING.has(code));
}

const AGREEING: ReadonlySet<number> = new Set([SUBMIT_CODE.ACCEPTED, SUBMIT_CODE.EXISTS, SUBMIT_CODE.QUEUED]);

function wordsOf(body: JsonObject): string {
  const error = isObject(body['error']) ? body['error'] : {};
  return textOf(body['description']) || textOf(body['message']) || textOf(error['message']);
}
