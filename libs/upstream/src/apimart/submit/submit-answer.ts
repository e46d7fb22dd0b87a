import { SUBMIT_CODE } from '#libs/wire';
import type { HttpAnswer } from '../../http/http-answer.js';
import { redirected } from '../../http/unanswered.js';
import { readAnswer, type AnswerContent } from '../../json/answer-words.js';
import { idOf, integerOf, isObject, textOf, type JsonObject } from '../../json/json-field.js';
import type { FaultScope, OperatorFault, Outcome } from '../../port/outcome.js';
import { subjectOf, withoutAccountMatters } from '../../refusal/refusal-subject.js';
import { withoutTaskIds } from '../task-ids.js';

/** The parts of a submit on which the meaning of its answer depends. */
export interface AskedWork {
  /** The address of the request, with which the target of a redirect is compared. */
  url: string;
  isFollowUp: boolean;
  /** The work opens a window, whatever the answer calls it: nothing can be made without what is put into it. */
  isWindow: boolean;
  /** The work may open a window. */
  mayOpenWindow: boolean;
  /** Texts of the client, which the answer may quote. */
  ownTexts: readonly string[];
  /** Parts of texts that mean that the upstream is saturated. */
  fullTexts: readonly string[];
}

/** Statuses of a task that was begun. */
const GOES_ON = /^(?:submitted|pending|queued|not_start|processing|in_progress|running|modal|success|completed)$/;
const SATURATED: ReadonlySet<number> = new Set([SUBMIT_CODE.QUEUE_FULL, SUBMIT_CODE.SATURATED]);
/** Types of errors that say no more than their status. */
const PLAIN_TYPES = /^(?:invalid_request(?:_error)?|error|api_error)$/i;

/**
 * The meaning of an answer to a submit. What may have been accepted is unknown: the vendor has no list in which it could be
 * looked up. An answer about the operator's account shows that no work was begun, and its words are for nobody else.
 */
export function readSubmitAnswer(answer: HttpAnswer, asked: AskedWork): Outcome {
  const elsewhere = redirected(answer, asked.url);
  if (elsewhere !== null) return elsewhere;
  const said = readAnswer(answer);
  return accepted(said, asked) ?? declinedByCode(said, answer, asked) ?? declinedByStatus(said, answer, asked);
}

/** Null: the answer does not accept the work. */
function accepted({ status, body, code }: AnswerContent, asked: AskedWork): Outcome | null {
  if (body['success'] === false || hasError(body)) return null;
  const task = taskIn(body);
  // The same work sent elsewhere would be done twice: a task that goes on counts in any status.
  if (task === null || (status >= 300 && !GOES_ON.test(task.status))) return null;
  const finalPrompt = textOf(propertiesOf(body)['finalPrompt']);
  if (code === SUBMIT_CODE.EXISTS) {
    const { id } = task;
    const isWindow = asked.mayOpenWindow || saysWindow(body);
    return isWindow ? { kind: 'window', upstreamTaskId: id, finalPrompt } : { kind: 'exists', upstreamTaskId: id };
  }
  if (code === SUBMIT_CODE.QUEUED) return { kind: 'queued', upstreamTaskIds: [task.id], ahead: 0 };
  if (code !== null && !isSuccess(code) && code !== status) return null;
  return task.status === 'modal' || asked.isWindow
    ? { kind: 'window', upstreamTaskId: task.id, finalPrompt }
    : { kind: 'accepted', upstreamTaskIds: [task.id] };
}

/** Codes that report success where they stand in an answer with ids: those of processes, of midjourney-proxy and of HTTP. */
function isSuccess(code: number): boolean {
  return code === 0 || code === SUBMIT_CODE.ACCEPTED || (code >= 200 && code < 300);
}

/** An error of nothing but a code of 0 and empty texts is none. */
function hasError({ error }: JsonObject): boolean {
  if (!isObject(error)) return typeof error === 'string' && error.trim() !== '';
  return Object.values(error).some((value) =>
    typeof value === 'string' ? value !== '' : (integerOf(value) ?? 0) !== 0,
  );
}

/** The task that an answer names, with its status in lower case; null: it names none. */
function taskIn(body: JsonObject): { id: string; status: string } | null {
  const data: unknown = Array.isArray(body['data']) ? body['data'][0] : body['data'];
  for (const place of [data, body]) {
    if (!isObject(place)) continue;
    const id = idOf(place['task_id']) ?? idOf(place['id']) ?? idOf(place['result']);
    if (id !== null) return { id, status: textOf(place['status'], 32).toLowerCase() };
  }
  return null;
}

function saysWindow(body: JsonObject): boolean {
  const properties = propertiesOf(body);
  return (
    properties['remix'] === true || /confirm|modal/i.test(textOf(body['description']) + textOf(properties['status']))
  );
}

/** Codes of midjourney-proxy in a body count in any status. Null: it has none that declines. */
function declinedByCode(said: AnswerContent, answer: HttpAnswer, asked: AskedWork): Outcome | null {
  const { status, code, words } = said;
  if (code === SUBMIT_CODE.BANNED) return banned(said);
  if (code === SUBMIT_CODE.NO_ACCOUNT) return { kind: 'nothing_done', fault: 'no_account' };
  if (status >= 500) return null;
  if (code !== null && SATURATED.has(code)) return full(answer);
  if (asked.fullTexts.some((text) => text !== '' && words.includes(text))) return full(answer);
  if (code !== SUBMIT_CODE.REJECTED && code !== SUBMIT_CODE.FAILURE) return null;
  return ofAccount(said, asked) ?? refusal(code === SUBMIT_CODE.REJECTED ? 4 : 9, said, asked);
}

function declinedByStatus(said: AnswerContent, answer: HttpAnswer, asked: AskedWork): Outcome {
  const { status } = said;
  // An account that cannot pay or enter got no work done, whatever status and envelope that is said in.
  const account = said.isJson && taskIn(said.body) === null ? ofWholeAccount(said, asked) : null;
  if (account !== null) return account;
  switch (status) {
    case 401:
    case 407:
      return { kind: 'nothing_done', fault: 'unauthorized', scope: 'upstream' };
    case 402:
      return { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' };
    case 403:
      return forbidden(said, asked);
    case 404:
    case 405:
    case 410:
      // Of a follow-up it is the task that is not there any more: the vendor keeps them for three days.
      if (asked.isFollowUp && said.isJson) return refusal(4, said, asked);
      return { kind: 'nothing_done', fault: 'not_found', scope: 'work' };
    case 408:
      return { kind: 'unknown', fault: 'status_4xx' };
    case 422:
      return banned(said);
    case 429:
      return full(answer);
    case 503:
      // A server on the way says so as well where the vendor broke off after it had taken the work.
      if (said.isJson) return { kind: 'nothing_done', fault: 'no_account' };
  }
  if (status >= 500) return { kind: 'unknown', fault: 'status_5xx' };
  if (status >= 400 && status < 422) return ofAccount(said, asked) ?? refusal(4, said, asked);
  if (status >= 400) return { kind: 'unknown', fault: 'status_4xx' };
  if (saysError(said.body)) return ofAccount(said, asked) ?? refusal(9, said, asked);
  return { kind: 'unknown', fault: said.isJson ? 'unexpected' : 'unreadable' };
}

/** Whether an answer with a status of success reports an error in plain words, and no task. */
function saysError(body: JsonObject): boolean {
  return taskIn(body) === null && (body['success'] === false || hasError(body));
}

/** A 403 of the vendor's own concerns the key, unless it is about one task; any other may come from a firewall. */
function forbidden(said: AnswerContent, asked: AskedWork): Outcome {
  const meaning = subjectOf(said, asked.ownTexts);
  if (meaning?.subject === 'content') return banned(said);
  const scope = asked.isFollowUp ? 'task' : isObject(said.body['error']) ? 'upstream' : 'work';
  return { kind: 'nothing_done', fault: 'forbidden', scope };
}

/** The fault of the operator's account that the words of an answer show, whatever its status and code are; null: none. */
function ofAccount(said: AnswerContent, { ownTexts, isFollowUp }: AskedWork): Outcome | null {
  const meaning = subjectOf(said, ownTexts);
  switch (meaning?.subject) {
    case 'full':
      return { kind: 'full' };
    case 'no_account':
      return { kind: 'nothing_done', fault: 'no_account' };
    case 'unauthorized':
    case 'payment_required':
    case 'forbidden':
      return fault(meaning.subject, meaning.scope ?? 'work', isFollowUp);
    default:
      return null;
  }
}

/** The fault that concerns all work of the account; null: the words of an answer show none. */
function ofWholeAccount(said: AnswerContent, asked: AskedWork): Outcome | null {
  const found = ofAccount(said, asked);
  return found?.kind === 'nothing_done' && 'scope' in found && found.scope === 'upstream' ? found : null;
}

function fault(kind: OperatorFault, scope: FaultScope, isFollowUp: boolean): Outcome {
  // A fault of one task can concern only a submit that continues a task.
  return { kind: 'nothing_done', fault: kind, scope: scope === 'task' && !isFollowUp ? 'work' : scope };
}

/** The vendor names no word: the reason that it gives stands for it. */
function banned({ body }: AnswerContent): Outcome {
  const properties = propertiesOf(body);
  const error = isObject(body['error']) ? body['error'] : {};
  const reasons = [properties['bannedWord'], error['reason'], body['reason'], error['code'], error['type']];
  const reason = reasons
    .filter((value) => typeof value === 'string')
    .map((value) => textOf(value, 200))
    .find((value) => value !== '' && !/^\d+$/.test(value) && !PLAIN_TYPES.test(value));
  return { kind: 'banned', promptEn: textOf(properties['promptEn']), bannedWord: reason ?? 'moderation' };
}

function full({ retryAfterMs }: HttpAnswer): Outcome {
  return retryAfterMs == null ? { kind: 'full' } : { kind: 'full', retryAfterMs };
}

function refusal(code: 4 | 9, { shown, names }: AnswerContent, { ownTexts }: AskedWork): Outcome {
  const words = withoutTaskIds(withoutAccountMatters({ words: shown, names }, ownTexts));
  return { kind: 'refused', code, words };
}

function propertiesOf(body: JsonObject): JsonObject {
  return isObject(body['properties']) ? body['properties'] : {};
}
