import type { HttpAnswer } from '../../http/http-answer.js';
import { assertNotRedirected, FAULT_OF_STATUS } from '../../http/read-faults.js';
import { readAnswer } from '../../json/answer-words.js';
import { isObject } from '../../json/json-field.js';
import { isOperatorFault, UpstreamCallError } from '../../port/outcome.js';
import { subjectOf } from '../../refusal/refusal-subject.js';
import type { TobProfile } from '../profile.js';
import { REASONS } from '../submit/reason-table.js';
import type { TobJob } from './tob-job.js';

const GONE: ReadonlySet<number> = new Set([404, 410]);

/** Reads the answer to a request for one job; null where the vendor does not know it. @throws UpstreamCallError */
export function readJobAnswer(profile: TobProfile, answer: HttpAnswer, baseUrl: string): TobJob | null {
  const said = readAnswer(answer);
  // A failed job has an error with a code of its own, which is none of the answer.
  if (answer.status < 300) {
    const job = profile.readJob(said.body['data'], baseUrl) ?? profile.readJob(said.body, baseUrl);
    if (job !== null) return job;
  }
  if (GONE.has(said.status) && said.isJson) return null;
  assertOk(answer);
  throw new UpstreamCallError(said.isJson ? 'unexpected' : 'unreadable');
}

/** The body of an answer to any other read, as a JSON object. @throws UpstreamCallError */
export function readBody(answer: HttpAnswer): Record<string, unknown> {
  assertOk(answer);
  const { body, isJson } = readAnswer(answer);
  if (!isJson || !isObject(body)) throw new UpstreamCallError('unreadable');
  return body;
}

/** @throws UpstreamCallError for every answer but a success, with the fault of the operator's account where it shows one */
function assertOk(answer: HttpAnswer): void {
  const { status, isJson, ...said } = readAnswer(answer);
  assertNotRedirected(answer);
  if (status < 300) return;
  const reason = said.names.map((name) => REASONS.get(name.toLowerCase())).find((meaning) => meaning?.kind === 'fault');
  if (reason?.kind === 'fault') throw new UpstreamCallError(reason.fault, { answer });
  if (status >= 500) throw new UpstreamCallError('status_5xx', { answer });
  const subject = isJson ? subjectOf(said, [])?.subject : undefined;
  const isAccount = subject !== undefined && isOperatorFault(subject) && subject !== 'not_found';
  throw new UpstreamCallError(isAccount ? subject : (FAULT_OF_STATUS.get(status) ?? 'status_4xx'), { answer });
}
