import { SUBMIT_CODE } from '#libs/wire';
import { isOperatorFault, type OperatorFault, type Outcome, type Reach } from '../../port/outcome.js';
import { subjectOf, withoutAccountMatters } from '../../refusal/refusal-subject.js';
import { readAcceptance, readUpload, WITH_RESULT } from './acceptance.js';
import { readAnswer, type AnswerContent } from '../json/answer-words.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { isObject, textOf } from '../json/json-field.js';
import { leadsElsewhere } from './redirect-rule.js';

/** What was asked for, as far as the meaning of an answer depends on it. */
export interface AnswerContext {
  /** Of the request; where a redirect leads is judged by it. */
  url?: string;
  /** What an acceptance names: the tasks that it made, or (of an upload) the links of the pictures that it took in. */
  wants?: 'ids' | 'links';
  /** Links that are not whole go on from it; left out: they are none. */
  baseUrl?: string;
  /** It goes on from a task that this upstream has. */
  isFollowUp?: boolean;
  /** What the client wrote; an answer may quote it. */
  ownTexts?: readonly string[];
  /** Parts of texts that mean "full". */
  fullTexts?: readonly string[];
}

const TOO_MANY_REQUESTS = 429;
/** From 400 to here a status alone says that the request was declined. */
const LAST_DECLINING = 422;
/** The code of trueai's second envelope. */
const OTHER_FAILURE = -1;
/** What a status says of the operator's account, or of the address, where nothing else is said. */
const BY_STATUS: ReadonlyMap<number, [OperatorFault, Reach]> = new Map([
  [401, ['unauthorized', 'upstream']],
  [402, ['payment_required', 'upstream']],
  [407, ['unauthorized', 'upstream']],
  [403, ['forbidden', 'work']],
  [404, ['not_found', 'work']],
  [405, ['not_found', 'work']],
  [410, ['not_found', 'work']],
]);
/** What it goes on from may be what is not found. */
const GONE: ReadonlySet<number> = new Set([404, 410]);
const OF_KEY: ReadonlySet<number> = new Set([401, 402, 403, 407]);

/**
 * What an answer to a submit means. Only what surely began nothing may be sent elsewhere, only what surely was declined is
 * refused, and the rest is unknown. An answer about the operator's account began nothing, in any status and envelope.
 */
export function readSubmitAnswer(answer: HttpAnswer, asked: AnswerContext): Outcome {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    return leadsElsewhere(status, asked.url ?? '', answer.redirectsTo ?? null)
      ? operatorFault('redirected', 'work', asked)
      : { kind: 'unknown', fault: 'unreadable' };
  }
  const said = readAnswer(answer);
  return accepted(said, asked) ?? declined(said, answer, asked) ?? unknown(said, answer);
}

/** Null: it accepts nothing. What fails, or is too much, does not, whatever its body says. */
function accepted(
  { status, body, code }: AnswerContent,
  { wants = 'ids', baseUrl = '' }: AnswerContext,
): Outcome | null {
  if (status >= 500 || status === TOO_MANY_REQUESTS || body['success'] === false) return null;
  // midjourney-proxy's codes mean the same with 4xx; those of others are no success there.
  if (status >= 300 && (code === null || !WITH_RESULT.has(code))) return null;
  return wants === 'links' ? readUpload(code, body, baseUrl) : readAcceptance(code, body);
}

/** Null: it does not say that the work was declined. */
function declined(said: AnswerContent, answer: HttpAnswer, asked: AnswerContext): Outcome | null {
  const { status, body, code, words } = said;
  const { ownTexts = [], fullTexts = [] } = asked;
  if (code === SUBMIT_CODE.BANNED) return banned(body);
  const subject = subjectOf(said, ownTexts);
  if (status >= 500) return declinedWhileFailing(said, asked);
  const isFull = code === SUBMIT_CODE.QUEUE_FULL || code === SUBMIT_CODE.SATURATED;
  if (isFull || fullTexts.some((text) => text !== '' && words.includes(text))) return full(answer);
  switch (subject?.subject) {
    case 'content':
    case 'input':
      return refusal(said, asked);
    case 'full':
      return full(answer);
    case 'parent':
      if (asked.isFollowUp === true) return refusal(said, asked);
      break;
    case 'not_found':
      if (asked.isFollowUp === true && GONE.has(status)) return refusal(said, asked);
      return operatorFault('not_found', subject.reach ?? 'work', asked);
    case 'no_account':
      if (!OF_KEY.has(status)) return { kind: 'nothing_done', fault: 'no_account' };
      break;
    case 'unauthorized':
    case 'payment_required':
    case 'forbidden':
    case 'redirected':
      return operatorFault(subject.subject, subject.reach ?? 'work', asked);
    case undefined:
  }
  return declinedByStatus(said, answer, asked) ?? declinedByCode(said, asked);
}

/** A server that fails may have begun; but not where it says that the account is out of money, or that nobody is there. */
function declinedWhileFailing(said: AnswerContent, asked: AnswerContext): Outcome | null {
  const meaning = said.isJson ? subjectOf(said, asked.ownTexts ?? []) : null;
  if (meaning?.subject === 'no_account') return { kind: 'nothing_done', fault: 'no_account' };
  if (meaning !== null && isOperatorFault(meaning.subject) && meaning.reach === 'upstream') {
    return operatorFault(meaning.subject, 'upstream', asked);
  }
  return null;
}

function declinedByStatus(said: AnswerContent, answer: HttpAnswer, asked: AnswerContext): Outcome | null {
  const { status, isPage } = said;
  if (status === TOO_MANY_REQUESTS) return full(answer);
  if (asked.isFollowUp === true && GONE.has(status)) return refusal(said, asked);
  const matter = BY_STATUS.get(status);
  if (matter !== undefined) return operatorFault(...matter, asked);
  // Where a page for people is answered, there is no such route: its server knows the submit as little as a 404's.
  return isPage && status < 300 ? { kind: 'nothing_done', fault: 'not_found', reach: 'work', isPage: true } : null;
}

function declinedByCode(said: AnswerContent, asked: AnswerContext): Outcome | null {
  const { status, code, body } = said;
  switch (code) {
    case SUBMIT_CODE.NO_ACCOUNT:
      // With 4xx it says that something is gone.
      return status < 300 ? { kind: 'nothing_done', fault: 'no_account' } : refusal(said, asked);
    case SUBMIT_CODE.UNREACHABLE:
      // new-api answers 5 also when its own upstream accepted and only the answer was lost.
      return null;
    case SUBMIT_CODE.REJECTED:
    case SUBMIT_CODE.FAILURE:
    case OTHER_FAILURE:
      return refusal(said, asked);
    default:
      if (status >= 400) return status <= LAST_DECLINING ? refusal(said, asked) : null;
      return body['success'] === false || hasError(body['error']) ? refusal(said, asked) : null;
  }
}

function hasError(error: unknown): boolean {
  return isObject(error) || (typeof error === 'string' && error !== '');
}

function unknown({ status, isJson }: AnswerContent, answer: HttpAnswer): Outcome {
  if (answer.status >= 500) return { kind: 'unknown', fault: 'status_5xx' };
  if (status >= 400 && status < 500) return { kind: 'unknown', fault: 'status_4xx' };
  return { kind: 'unknown', fault: isJson ? 'unexpected' : 'unreadable' };
}

function banned(body: AnswerContent['body']): Outcome {
  const properties = isObject(body['properties']) ? body['properties'] : {};
  return {
    kind: 'banned',
    promptEn: textOf(properties['promptEn']),
    bannedWord: textOf(properties['bannedWord'], 200),
  };
}

function full({ retryAfterMs }: HttpAnswer): Outcome {
  return retryAfterMs == null ? { kind: 'full' } : { kind: 'full', retryAfterMs };
}

function operatorFault(fault: OperatorFault, reach: Reach, { isFollowUp }: AnswerContext): Outcome {
  // Only what goes on from a task can be stopped by what became of that task.
  return { kind: 'nothing_done', fault, reach: reach === 'task' && isFollowUp !== true ? 'work' : reach };
}

/** Code 4 where the request is at fault, as it says itself; with other statuses than 400 it is this gateway's request. */
function refusal(said: AnswerContent, { ownTexts = [] }: AnswerContext): Outcome {
  const { status, code, shown, names } = said;
  const isClients = code === SUBMIT_CODE.REJECTED && (status < 300 || status === 400);
  return { kind: 'refused', code: isClients ? 4 : 9, words: withoutAccountMatters({ words: shown, names }, ownTexts) };
}
