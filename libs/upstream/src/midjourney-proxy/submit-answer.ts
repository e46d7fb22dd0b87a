import { isStorable, SUBMIT_CODE } from '#libs/wire';
import type { Outcome } from '../outcome.js';
import { idOf, integerOf, isObject, parseJson, textOf, type JsonObject } from './json-field.js';

/** What the HTTP layer got: a status and a body of limited length. */
export interface HttpAnswer {
  status: number;
  body: Buffer;
}

const TOO_MANY_REQUESTS = 429;
/** From 400 to here a status alone says that the request was declined. */
const LAST_DECLINING = 422;
/** The code of trueai's second envelope. */
const OTHER_FAILURE = -1;
const UNREADABLE: Outcome = { kind: 'unknown', fault: 'unreadable' };
const MAX_LINK_CHARS = 4_096;

/** What an acceptance names: the tasks it made, or (of an upload) the links of the pictures it took in. */
export type Named = 'ids' | 'links';

/**
 * What an answer to a submit means. The rules are the table "What an answer means" of the design: only what surely
 * began nothing may be sent elsewhere, only what surely was declined is refused, and the rest is unknown.
 */
export function readSubmitAnswer(
  { status, body: bytes }: HttpAnswer,
  fullTexts: readonly string[],
  named: Named = 'ids',
): Outcome {
  if (status === TOO_MANY_REQUESTS) return { kind: 'full' };
  if (status >= 500) return { kind: 'unknown', fault: 'status_5xx' };
  const parsed = parseJson(bytes);
  const body = isObject(parsed) ? parsed : {};
  if (status >= 400) return readClientError(status, body, fullTexts, named);
  return status < 300 ? readBody(body, fullTexts, named) : UNREADABLE;
}

/** The codes mean what they mean with 200, but for 3, which says "gone" there; without one the status decides. */
function readClientError(status: number, body: JsonObject, fullTexts: readonly string[], named: Named): Outcome {
  // Our own key is refused: what is said of that is for the operator, not for clients.
  if (status === 401 || status === 403) return { kind: 'refused', code: 9, words: '' };
  const code = integerOf(body['code']);
  if (code === SUBMIT_CODE.UNREACHABLE) return { kind: 'unknown', fault: 'status_4xx' };
  if (code === SUBMIT_CODE.NO_ACCOUNT) return refusal(body, 9, fullTexts);
  // With 401, 403 and the like it is this gateway, not its client, that is at fault.
  if (code === SUBMIT_CODE.REJECTED) return refusal(body, status === 400 ? 4 : 9, fullTexts);
  const read = readBody(body, fullTexts, named);
  if (read.kind !== 'unknown') return read;
  return status <= LAST_DECLINING ? refusal(body, 9, fullTexts) : { kind: 'unknown', fault: 'status_4xx' };
}

function readBody(body: JsonObject, fullTexts: readonly string[], named: Named): Outcome {
  const code = integerOf(body['code']);
  const properties = isObject(body['properties']) ? body['properties'] : {};
  switch (code) {
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
      return UNREADABLE;
    case SUBMIT_CODE.REJECTED:
      return refusal(body, 4, fullTexts);
    case SUBMIT_CODE.FAILURE:
    case OTHER_FAILURE:
      return refusal(body, 9, fullTexts);
    default:
      if (body['success'] === false) return refusal(body, 9, fullTexts);
      return named === 'links' ? readUpload(code, body) : readAcceptance(code, body, properties);
  }
}

/** An upload is done once it is answered; anything but code 1 with links says nothing of what became of it. */
function readUpload(code: number | null, { result }: JsonObject): Outcome {
  if (code !== SUBMIT_CODE.ACCEPTED || !Array.isArray(result) || result.length === 0) return UNREADABLE;
  return result.every(isLink) ? { kind: 'uploaded', urls: result } : UNREADABLE;
}

function isLink(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_LINK_CHARS &&
    /^https?:\/\//i.test(value) &&
    URL.canParse(value) &&
    isStorable(value)
  );
}

/** The codes that come with an id; a code that is in no list says nothing of what was done. */
function readAcceptance(code: number | null, body: JsonObject, properties: JsonObject): Outcome {
  const ids = idsOf(body['result']);
  if (ids === null) return UNREADABLE;
  switch (code) {
    case SUBMIT_CODE.ACCEPTED:
      return { kind: 'accepted', upstreamTaskIds: ids };
    case SUBMIT_CODE.QUEUED: {
      const ahead = Math.max(0, integerOf(properties['numberOfQueues']) ?? 0);
      return { kind: 'queued', upstreamTaskIds: ids, ahead };
    }
    case SUBMIT_CODE.EXISTS:
      return existsOrWindow(ids[0], body, properties);
    default:
      return UNREADABLE;
  }
}

function existsOrWindow(id: string, body: JsonObject, properties: JsonObject): Outcome {
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

/** `result` as a string, a number, an array or a comma list of task ids; null when there is none. */
function idsOf(result: unknown): [string, ...string[]] | null {
  const parts: unknown[] = Array.isArray(result) ? result : typeof result === 'string' ? result.split(',') : [result];
  const [first, ...rest] = parts.map(idOf).filter((id) => id !== null);
  return first === undefined ? null : [first, ...rest];
}
