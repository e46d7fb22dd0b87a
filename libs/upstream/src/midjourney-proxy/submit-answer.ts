import { SUBMIT_CODE } from '#libs/wire';
import type { Outcome } from '../outcome.js';
import { integerOf, isObject, parseJson, textOf, type JsonObject } from './json-field.js';

/** What the HTTP layer got: a status and at most 4 MiB of body. */
export interface HttpAnswer {
  status: number;
  body: Buffer;
}

const TOO_MANY_REQUESTS = 429;

/**
 * What an answer to a submit means. The rules are the table "What an answer means" of the design: only what surely
 * began nothing may be sent elsewhere, only what surely was declined is refused, and the rest is unknown.
 */
export function readSubmitAnswer(answer: HttpAnswer, fullTexts: readonly string[]): Outcome {
  if (answer.status === TOO_MANY_REQUESTS) return { kind: 'full' };
  if (answer.status >= 500) return { kind: 'unknown', fault: 'status_5xx' };
  const body = parseJson(answer.body);
  if (answer.status >= 400) return refusedByStatus(answer.status, body, fullTexts);
  if (!isObject(body)) return { kind: 'unknown', fault: 'unreadable' };
  const code = integerOf(body['code']);
  if (body['success'] === false || code === -1) return refusal(body, 9, fullTexts);
  return code === null ? { kind: 'unknown', fault: 'unreadable' } : readCode(code, body, fullTexts);
}

/** 400 to 422 declined the work; the wire's own codes are read where the body has one, except 3, which says "gone" there. */
function refusedByStatus(status: number, body: unknown, fullTexts: readonly string[]): Outcome {
  if (!isObject(body)) return { kind: 'refused', code: 9, words: '' };
  const code = integerOf(body['code']);
  if (code === SUBMIT_CODE.QUEUE_FULL || code === SUBMIT_CODE.SATURATED) return { kind: 'full' };
  if (code === SUBMIT_CODE.UNREACHABLE) return { kind: 'unknown', fault: 'status_4xx' };
  if (code === SUBMIT_CODE.BANNED) return readCode(code, body, fullTexts);
  return refusal(body, code === SUBMIT_CODE.REJECTED && status === 400 ? 4 : 9, fullTexts);
}

function readCode(code: number, body: JsonObject, fullTexts: readonly string[]): Outcome {
  const properties = isObject(body['properties']) ? body['properties'] : {};
  switch (code) {
    case SUBMIT_CODE.ACCEPTED: {
      const ids = idsOf(body['result']);
      return ids === null ? { kind: 'unknown', fault: 'unreadable' } : { kind: 'accepted', upstreamTaskIds: ids };
    }
    case SUBMIT_CODE.QUEUED: {
      const ids = idsOf(body['result']);
      const ahead = Math.max(0, integerOf(properties['numberOfQueues']) ?? 0);
      return ids === null ? { kind: 'unknown', fault: 'unreadable' } : { kind: 'queued', upstreamTaskIds: ids, ahead };
    }
    case SUBMIT_CODE.EXISTS:
      return existsOrWindow(body, properties);
    case SUBMIT_CODE.QUEUE_FULL:
    case SUBMIT_CODE.SATURATED:
      return { kind: 'full' };
    case SUBMIT_CODE.NO_ACCOUNT:
      return { kind: 'nothing_done', fault: 'no_account' };
    case SUBMIT_CODE.BANNED:
      return {
        kind: 'banned',
        promptEn: textOf(properties['promptEn']),
        bannedWord: textOf(properties['bannedWord'], 200),
      };
    case SUBMIT_CODE.UNREACHABLE:
      // new-api answers 5 also when its own upstream accepted and only the answer was lost.
      return { kind: 'unknown', fault: 'unreadable' };
    case SUBMIT_CODE.REJECTED:
      return refusal(body, 4, fullTexts);
    default:
      return refusal(body, 9, fullTexts);
  }
}

function existsOrWindow(body: JsonObject, properties: JsonObject): Outcome {
  const id = idsOf(body['result'])?.[0];
  if (id === undefined) return { kind: 'unknown', fault: 'unreadable' };
  const isWindow =
    properties['remix'] === true ||
    /confirm/i.test(textOf(body['description'])) ||
    textOf(properties['status']).toUpperCase() === 'MODAL';
  return isWindow
    ? { kind: 'window', upstreamTaskId: id, finalPrompt: textOf(properties['finalPrompt']) }
    : { kind: 'exists', upstreamTaskId: id };
}

function refusal(body: JsonObject, code: 4 | 9, fullTexts: readonly string[]): Outcome {
  const error = isObject(body['error']) ? body['error'] : {};
  const words = textOf(body['description']) || textOf(body['message']) || textOf(error['message']);
  return fullTexts.some((text) => text !== '' && words.includes(text))
    ? { kind: 'full' }
    : { kind: 'refused', code, words };
}

const MAX_ID_CHARS = 128;

/** `result` as a string, a number, an array or a comma list of task ids; null when there is none. */
function idsOf(result: unknown): [string, ...string[]] | null {
  const parts = Array.isArray(result) ? result : typeof result === 'string' ? result.split(',') : [result];
  const ids = parts.map((part) => textOf(part).trim()).filter((id) => id !== '' && id.length <= MAX_ID_CHARS);
  const [first, ...rest] = ids;
  return first === undefined ? null : [first, ...rest];
}
