import { SUBMIT_CODE } from '#libs/wire';
import { isOperatorFault, UpstreamCallError, type CallFault } from '../../port/outcome.js';
import { subjectOf, withoutAccountMatters } from '../../refusal/refusal-subject.js';
import type { SeedReply, Snapshot } from '../../port/snapshot.js';
import { parsedOf } from '../../json/answer-json.js';
import { readAnswer } from '../../json/answer-words.js';
import type { HttpAnswer } from '../../http/http-answer.js';
import { assertNotRedirected, FAULT_OF_STATUS } from '../../http/read-faults.js';
import { integerOf, isObject, textOf } from '../../json/json-field.js';
import { readTask } from './task-body.js';

/** Seeds are unsigned numbers of 32 bits; some servers give longer ones. */
const SEED = /^\d{1,20}$/;

/** Codes by which servers answer that they do not know a task. */
const NOT_KNOWN: ReadonlySet<number> = new Set([SUBMIT_CODE.NO_ACCOUNT, SUBMIT_CODE.REJECTED, 404]);

/**
 * Checks that an answer to a read has a status of success, or one of `knownStatuses` (of 4xx).
 * @throws UpstreamCallError for every other status, with the fault of the operator's account where the answer shows one
 */
export function assertAnswered(answer: HttpAnswer, knownStatuses: ReadonlySet<number> = NONE): void {
  const { status } = answer;
  if (status >= 500) throw new UpstreamCallError('status_5xx');
  assertNotRedirected(answer);
  if (status >= 400 && !knownStatuses.has(status)) {
    throw new UpstreamCallError(accountFault(answer) ?? 'status_4xx', { answer });
  }
}

/** The fault of the operator's account that an answer to any call shows; null: none. */
export function accountFault(answer: HttpAnswer): CallFault | null {
  const said = readAnswer(answer);
  const subject = subjectOf(said, [])?.subject;
  // A 404 may mean the task, or a route that few servers have.
  if (subject !== undefined && subject !== 'not_found' && isOperatorFault(subject)) return subject;
  return FAULT_OF_STATUS.get(said.status) ?? null;
}

/**
 * Reads the answer to a request for one task, in an envelope or without; null where the upstream does not know the task.
 * @param baseUrl the base of relative links of pictures
 * @throws UpstreamCallError
 */
export function readTaskAnswer(answer: HttpAnswer, baseUrl: string): Snapshot | null {
  assertAnswered(answer, NOT_HERE);
  const { status, body: bytes } = answer;
  if (status === 204 || (status === 200 && bytes.length === 0)) return null;
  const said = readAnswer(answer);
  const { body, isJson, code } = said;
  const task = [body, body['data'], body['result'], body['task']]
    .map((candidate) => readTask(candidate, baseUrl))
    .find((found) => found !== null);
  if (task !== undefined && status < 300) return task;
  const fault = accountFault(answer);
  if (fault !== null) throw new UpstreamCallError(fault);
  if (NOT_HERE.has(status)) return null;
  if (!isJson) throw new UpstreamCallError('unreadable');
  const isNothing = Object.values(body).every((value) => value === null);
  if (isNothing || (code !== null && NOT_KNOWN.has(code)) || subjectOf(said, [])?.subject === 'parent') return null;
  throw new UpstreamCallError('unexpected');
}

/** Statuses by which servers answer that they do not know a task, besides 200 with an empty body. */
const NOT_HERE: ReadonlySet<number> = new Set([400, 404]);
const NONE: ReadonlySet<number> = new Set();

/**
 * Reads the answer to a request for a seed: code 1 with digits as a text or a number, else a refusal in the upstream's words.
 * @throws UpstreamCallError for 5xx, code 5, an answer that cannot be read, and a fault of the operator's account
 */
export function readSeedAnswer(answer: HttpAnswer): SeedReply {
  if (answer.status >= 500) throw new UpstreamCallError('status_5xx');
  const { status, body, code, isJson, shown, names } = readAnswer(answer);
  const refused: SeedReply = { kind: 'refused', words: withoutAccountMatters({ words: shown, names }, []) };
  const fault = accountFault(answer);
  if (fault !== null) throw new UpstreamCallError(fault);
  if (status >= 400) return refused;
  if (status >= 300 || !isJson || code === null || code === SUBMIT_CODE.UNREACHABLE) {
    throw new UpstreamCallError(isJson && status < 300 ? 'unexpected' : 'unreadable');
  }
  if (code !== SUBMIT_CODE.ACCEPTED) return refused;
  const seed = textOf(body['result'], 64).trim();
  if (!SEED.test(seed)) throw new UpstreamCallError('unexpected');
  return { kind: 'seed', seed };
}

/**
 * Whether an upstream agrees to a cancellation: 2xx without a body (trueai's), or with JSON that does not decline.
 * @throws UpstreamCallError for 429 and 5xx, which show neither
 */
export function readCancelAnswer(answer: HttpAnswer): boolean {
  const { status, body: bytes } = answer;
  if (status >= 500) throw new UpstreamCallError('status_5xx');
  if (status === 429) throw new UpstreamCallError('status_4xx');
  if (status >= 300) return false;
  if (bytes.length <= MOST_BLANKS && bytes.toString('utf8').trim() === '') return true;
  const body = parsedOf(answer);
  // An HTML page of another server is no agreement.
  if (!isObject(body)) return body === true || body === null;
  const code = integerOf(body['code']);
  return body['success'] !== false && (code === null || AGREEING.has(code));
}

/** Longest body that counts as empty: white space only. */
const MOST_BLANKS = 1_024;
const AGREEING: ReadonlySet<number> = new Set([SUBMIT_CODE.ACCEPTED, SUBMIT_CODE.EXISTS, SUBMIT_CODE.QUEUED]);
