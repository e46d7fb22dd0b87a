import type { HttpAnswer } from '../../http/http-answer.js';
import { assertNotRedirected, FAULT_OF_STATUS } from '../../http/read-faults.js';
import { readAnswer, type AnswerContent } from '../../json/answer-words.js';
import { idOf, isObject } from '../../json/json-field.js';
import { isOperatorFault, UpstreamCallError, type CallFault } from '../../port/outcome.js';
import type { Snapshot } from '../../port/snapshot.js';
import { subjectOf } from '../../refusal/refusal-subject.js';
import { readTask } from './task-body.js';

/** Statuses that show that there is no such task, or no such route. */
const NOT_HERE: ReadonlySet<number> = new Set([400, 404, 405, 410, 501]);

/** The meaning of an answer to the read of one task. `not_here`: there is no such task, or no such route. */
export type ReadAnswer = Snapshot | 'foreign' | 'not_here';

/**
 * Reads the answer to a request for one task. `foreign`: the task belongs to another key.
 * @throws UpstreamCallError where the answer shows neither a task nor that there is none
 */
export function readTaskAnswer(answer: HttpAnswer, taskId: string, baseUrl: string): ReadAnswer {
  const shown = answer.status < 300 ? taskIn(readAnswer(answer), taskId, baseUrl) : null;
  if (shown !== null) return shown;
  const { status, isJson } = assertAnswered(answer);
  if (NOT_HERE.has(status)) return 'not_here';
  if (status === 403) return 'foreign';
  throw new UpstreamCallError(isJson ? 'unexpected' : 'unreadable');
}

/**
 * The task of an answer, in an envelope or without; null: it has none. An envelope may have a status of its own. A failed task
 * has an error with a code of its own: a body with such a code is a task where it has the task's id.
 */
function taskIn({ status, body }: AnswerContent, taskId: string, baseUrl: string): Snapshot | null {
  const inner: unknown = Array.isArray(body['data']) ? body['data'][0] : body['data'];
  for (const item of [inner, body]) {
    const id = isObject(item) ? (idOf(item['id']) ?? idOf(item['task_id'])) : null;
    // The work of another task is nothing for this one's client.
    const isOther = id !== null && id !== taskId && id.startsWith('task_');
    const task = isOther || (status >= 400 && id !== taskId) ? null : readTask(item, taskId, baseUrl);
    if (task !== null) return task;
  }
  return null;
}

/**
 * Reads an answer that declines nothing but a task.
 * @throws UpstreamCallError for 5xx, 429, a redirect, and a fault of the operator's account
 */
export function assertAnswered(answer: HttpAnswer): AnswerContent {
  assertNotRedirected(answer);
  const said = readAnswer(answer);
  const { status } = said;
  if (status >= 500 && !NOT_HERE.has(status)) throw new UpstreamCallError('status_5xx', { answer });
  const ofStatus = status === 403 ? undefined : FAULT_OF_STATUS.get(status);
  const fault = ofStatus ?? faultInWords(said);
  if (fault !== null) throw new UpstreamCallError(fault, { answer });
  const isKnown = status < 300 || status === 403 || NOT_HERE.has(status);
  if (!isKnown) throw new UpstreamCallError('status_4xx', { answer });
  return said;
}

/** A fault of the whole account that a declining answer shows by its words. A 403 alone may be about one task. */
function faultInWords(said: AnswerContent): CallFault | null {
  if (said.status < 400) return null;
  const meaning = subjectOf(said, []);
  return meaning !== null && meaning.scope === 'upstream' && isOperatorFault(meaning.subject) ? meaning.subject : null;
}
