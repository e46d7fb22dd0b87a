import { SUBMIT_CODE } from '#libs/wire';
import { isOperatorFault, type OperatorFault, type Outcome, type FaultScope } from '../../port/outcome.js';
import { subjectOf, withoutAccountMatters } from '../../refusal/refusal-subject.js';
import { readAcceptance, readUpload, WITH_RESULT } from './acceptance.js';
import { readAnswer, type AnswerContent } from '../../json/answer-words.js';
import type { HttpAnswer } from '../../http/http-answer.js';
import { isObject, textOf } from '../../json/json-field.js';
import { redirected } from '../../http/unanswered.js';

/** The parts of a submit on which the meaning of its answer depends. */
export interface AnswerContext {
  /** The address of the request, with which the target of a redirect is compared. */
  url?: string;
  /** What an acceptance must name: the ids of its tasks, or (for an upload) the links of its pictures. */
  wants?: 'ids' | 'links';
  /** The base of relative links; left out: relative links are refused. */
  baseUrl?: string;
  /** The submit continues a task that the upstream has. */
  isFollowUp?: boolean;
  /** Texts of the client, which the answer may quote. */
  ownTexts?: readonly string[];
  /** Parts of texts that mean that the upstream is saturated. */
  fullTexts?: readonly string[];
}

const TOO_MANY_REQUESTS = 429;
/** A status from 400 to this one shows by itself that the request was declined. */
const LAST_DECLINING = 422;
/** Code of a failure in trueai's second envelope. */
const OTHER_FAILURE = -1;
/** The OperatorFault of a status, where the answer shows no other. */
const BY_STATUS: ReadonlyMap<number, [OperatorFault, FaultScope]> = new Map([
  [401, ['unauthorized', 'upstream']],
  [402, ['payment_required', 'upstream']],
  [407, ['unauthorized', 'upstream']],
  [403, ['forbidden', 'work']],
  [404, ['not_found', 'work']],
  [405, ['not_found', 'work']],
  [410, ['not_found', 'work']],
]);
/** Statuses that may mean that the continued task is gone. */
const GONE: ReadonlySet<number> = new Set([404, 410]);
const OF_KEY: ReadonlySet<number> = new Set([401, 402, 403, 407]);

/**
 * The meaning of an answer to a submit. Only work that was surely not begun may be sent to another upstream, only work that
 * was surely declined is refused, and every other outcome is unknown. An answer about the operator's account shows that no
 * work was begun, in any status and envelope.
 */
export function readSubmitAnswer(answer: HttpAnswer, asked: AnswerContext): Outcome {
  const elsewhere = redirected(answer, asked.url ?? '');
  if (elsewhere !== null) return elsewhere;
  const said = readAnswer(answer);
  return accepted(said, asked) ?? declined(said, answer, asked) ?? unknown(said, answer);
}

/** Null: the answer does not accept the work. A status of 5xx or 429 never does, whatever the body says. */
function accepted(
  { status, body, code }: AnswerContent,
  { wants = 'ids', baseUrl = '' }: AnswerContext,
): Outcome | null {
  if (status >= 500 || status === TOO_MANY_REQUESTS || body['success'] === false) return null;
  // The codes of midjourney-proxy mean the same with a status of 4xx; codes of other servers mean no success there.
  if (status >= 300 && (code === null || !WITH_RESULT.has(code))) return null;
  return wants === 'links' ? readUpload(code, body, baseUrl) : readAcceptance(code, body);
}

/** Null: the answer does not show that the work was declined. */
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
      return operatorFault('not_found', subject.scope ?? 'work', asked);
    case 'no_account':
      if (!OF_KEY.has(status)) return { kind: 'nothing_done', fault: 'no_account' };
      break;
    case 'unauthorized':
    case 'payment_required':
    case 'forbidden':
    case 'redirected':
      return operatorFault(subject.subject, subject.scope ?? 'work', asked);
    case undefined:
  }
  return declinedByStatus(said, answer, asked) ?? declinedByCode(said, asked);
}

/**
 * A server that fails may have begun the work, unless it reports that the account has no balance, or that no account is
 * available.
 */
function declinedWhileFailing(said: AnswerContent, asked: AnswerContext): Outcome | null {
  const meaning = said.isJson ? subjectOf(said, asked.ownTexts ?? []) : null;
  if (meaning?.subject === 'no_account') return { kind: 'nothing_done', fault: 'no_account' };
  if (meaning !== null && isOperatorFault(meaning.subject) && meaning.scope === 'upstream') {
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
  // An HTML page shows that there is no such route, as a 404 does.
  return isPage && status < 300 ? { kind: 'nothing_done', fault: 'not_found', scope: 'work', isPage: true } : null;
}

function declinedByCode(said: AnswerContent, asked: AnswerContext): Outcome | null {
  const { status, code, body } = said;
  switch (code) {
    case SUBMIT_CODE.NO_ACCOUNT:
      // With a status of 4xx the code means that something is gone.
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

function operatorFault(fault: OperatorFault, scope: FaultScope, { isFollowUp }: AnswerContext): Outcome {
  // A fault of one task can concern only a submit that continues a task.
  return { kind: 'nothing_done', fault, scope: scope === 'task' && isFollowUp !== true ? 'work' : scope };
}

/** Code 4 where the answer blames the client's request; with other statuses than 400 it blames the request of this gateway. */
function refusal(said: AnswerContent, { ownTexts = [] }: AnswerContext): Outcome {
  const { status, code, shown, names } = said;
  const isClients = code === SUBMIT_CODE.REJECTED && (status < 300 || status === 400);
  return { kind: 'refused', code: isClients ? 4 : 9, words: withoutAccountMatters({ words: shown, names }, ownTexts) };
}
