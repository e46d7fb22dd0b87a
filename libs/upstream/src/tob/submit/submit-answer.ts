import type { HttpAnswer } from '../../http/http-answer.js';
import { readAnswer, type AnswerContent } from '../../json/answer-words.js';
import { isObject, textOf } from '../../json/json-field.js';
import { isOperatorFault, type FaultScope, type OperatorFault, type Outcome } from '../../port/outcome.js';
import { subjectOf, withoutAccountMatters } from '../../refusal/refusal-subject.js';
import type { TobJob } from '../job/tob-job.js';
import { jobIdIn, type TobProfile } from '../profile.js';
import { REASONS, type ReasonMeaning } from './reason-table.js';

/** The parts of a submit on which the meaning of its answer depends. */
export interface TobAnswerContext {
  profile: TobProfile;
  /** The submit continues a job that the vendor has. */
  isFollowUp: boolean;
  /** It is the work that every account may do. */
  isUsual: boolean;
  ownTexts: readonly string[];
  /** Parts of texts that mean that the upstream is saturated. */
  fullTexts: readonly string[];
}

const BY_STATUS: ReadonlyMap<number, ReasonMeaning> = new Map<number, ReasonMeaning>([
  [400, { kind: 'refused' }],
  [401, { kind: 'fault', fault: 'unauthorized', scope: 'upstream' }],
  [402, { kind: 'fault', fault: 'payment_required', scope: 'upstream' }],
  [403, { kind: 'fault', fault: 'forbidden', scope: null }],
  [404, { kind: 'missing' }],
  [405, { kind: 'refused' }],
  [407, { kind: 'fault', fault: 'unauthorized', scope: 'upstream' }],
  [410, { kind: 'missing' }],
  [413, { kind: 'refused' }],
  [415, { kind: 'refused' }],
  [422, { kind: 'refused' }],
  [429, { kind: 'full' }],
]);
/** Statuses in which the words of an answer can say more than the status. */
const TELLING: ReadonlySet<number> = new Set([400, 403, 404, 422]);

/**
 * The meaning of an answer to a submit. Only work that was surely not begun may be sent to another upstream, only what was
 * surely declined is refused; whatever else came is unknown.
 */
export function readTobSubmit(answer: HttpAnswer, asked: TobAnswerContext): Outcome {
  const said = readAnswer(answer);
  const id = acceptedJobIn(asked.profile, said, answer);
  if (id !== null) return { kind: 'accepted', upstreamTaskIds: [id] };
  const isFull = said.status >= 400 && asked.fullTexts.some((text) => text !== '' && said.words.includes(text));
  const meaning: ReasonMeaning = isFull ? { kind: 'full' } : meaningOf(said, asked);
  return outcomeOf(meaning, said, answer, asked);
}

/**
 * The id of the job that an answer shows to be begun; null: it shows none. A job that did not fail counts in any status: the same
 * work sent elsewhere would be done twice. In an answer that reports an error an id alone may be that of the request.
 */
function acceptedJobIn(profile: TobProfile, { status, body }: AnswerContent, answer: HttpAnswer): string | null {
  const isDone = answer.status < 300;
  // An envelope may have an id and a status of its own.
  const job = profile.readJob(body['data'], '') ?? profile.readJob(body, '');
  if (isBegun(job, isDone)) return job?.id ?? null;
  return answer.status < 300 && status < 300 ? jobIdIn(profile, body) : null;
}

/** @param isDone the answer reports success, so that a job which failed at once was begun as well */
function isBegun(job: TobJob | null, isDone: boolean): boolean {
  return job !== null && job.status !== null && (isDone || job.status !== 'FAILURE');
}

function meaningOf(said: AnswerContent, { ownTexts }: TobAnswerContext): ReasonMeaning {
  const reason = REASONS.get(reasonOf(said).toLowerCase());
  if (reason !== undefined) return reason;
  const subject = said.isJson ? subjectOf(said, ownTexts) : null;
  // An account that cannot pay or enter got no work done, whatever status and envelope that is said in.
  if (subject?.scope === 'upstream') return faultOf(subject.subject, 'upstream');
  // A server that fails may have begun the work.
  if (said.status < 400 || said.status >= 500) return { kind: 'unknown' };
  if (subject !== null && TELLING.has(said.status)) {
    if (subject.subject === 'content') return { kind: 'banned' };
    if (subject.subject === 'full') return { kind: 'full' };
    if (subject.subject === 'parent') return { kind: 'missing' };
    if (isOperatorFault(subject.subject) && subject.subject !== 'not_found') {
      return faultOf(subject.subject, subject.scope ?? null);
    }
  }
  return BY_STATUS.get(said.status) ?? { kind: 'unknown' };
}

function faultOf(fault: string, scope: FaultScope | null): ReasonMeaning {
  return isOperatorFault(fault) ? { kind: 'fault', fault, scope } : { kind: 'unknown' };
}

function outcomeOf(meaning: ReasonMeaning, said: AnswerContent, answer: HttpAnswer, asked: TobAnswerContext): Outcome {
  const { isFollowUp } = asked;
  switch (meaning.kind) {
    case 'banned':
      return { kind: 'banned', promptEn: '', bannedWord: reasonOf(said) || 'moderation' };
    case 'full': {
      const { retryAfterMs } = answer;
      return retryAfterMs == null ? { kind: 'full' } : { kind: 'full', retryAfterMs };
    }
    case 'refused':
      return refusal(said, asked);
    case 'missing':
      // A page tells nothing about the job: it comes from some other server.
      return isFollowUp && !said.isPage ? refusal(said, asked) : operatorFault('not_found', 'work');
    case 'fault':
      return operatorFault(meaning.fault, meaning.scope ?? usualScope(said, asked));
    case 'unknown': {
      if (meaning.isTimeout === true) return { kind: 'unknown', fault: 'timeout' };
      const { status } = said;
      if (status >= 500) return { kind: 'unknown', fault: 'status_5xx' };
      if (status >= 400) return { kind: 'unknown', fault: 'status_4xx' };
      return { kind: 'unknown', fault: said.isJson && status < 300 ? 'unexpected' : 'unreadable' };
    }
  }
}

/** A vendor that forbids the usual work forbids it to the account; other work, and a page, may have reasons of their own. */
function usualScope({ isJson }: AnswerContent, { isUsual }: TobAnswerContext): FaultScope {
  return isJson && isUsual ? 'upstream' : 'work';
}

function operatorFault(fault: OperatorFault, scope: FaultScope): Outcome {
  return { kind: 'nothing_done', fault, scope };
}

function refusal({ shown, names }: AnswerContent, { ownTexts }: TobAnswerContext): Outcome {
  return { kind: 'refused', code: 4, words: withoutAccountMatters({ words: shown, names }, ownTexts) };
}

/** The vendor's word for why it declined; "" where it has none. */
function reasonOf({ body, names }: AnswerContent): string {
  const error = isObject(body['error']) ? body['error'] : {};
  const reason = textOf(body['reason'], 100) || textOf(error['reason'], 100);
  return /^[A-Za-z]\w*$/.test(reason) ? reason : (names[0] ?? '');
}
