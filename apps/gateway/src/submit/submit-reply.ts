import type { Task } from '#libs/tracking';
import { isOperatorFault, withoutAccountMatters, type Outcome } from '#libs/upstream';
import {
  LOCAL_ERRORS,
  scrubForeignText,
  SUBMIT_CODE,
  SUBMIT_DESCRIPTION,
  withoutForeignParts,
  type SubmitCode,
} from '#libs/wire';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { RETRY_AFTER } from '../http/errors/retry-after.js';

/** Old clients know only code 1 as success: `rewritten` turns 22 into 1, and 21 too unless a modal waits. */
export type CodeStyle = 'rewritten' | 'raw';

/** The result of a submit, from which its reply is made. */
export type SubmitResult =
  | { kind: 'accepted'; taskId: string }
  | { kind: 'queued'; taskId: string; ahead: number }
  | { kind: 'exists'; taskId: string }
  /** The jobs of one prompt, those that were not declined; `ahead` where none is sent yet. */
  | { kind: 'series'; taskIds: string[]; jobs: number; ahead: number | null }
  | { kind: 'uploaded'; urls: string[] }
  | { kind: 'modal'; taskId: string; finalPrompt: string }
  | { kind: 'queue_full' }
  /** A limit of the key is used up. */
  | { kind: 'busy'; retryAfterSeconds?: number }
  | { kind: 'no_account' }
  | { kind: 'unreachable' }
  /** Only the operator of the upstream can help, and no other can do it. */
  | { kind: 'unavailable' }
  | { kind: 'banned'; promptEn: string; bannedWord: string }
  | { kind: 'refused'; code: 4 | 9; words: string };

export interface Reply {
  status: number;
  /** Seconds; null: none is given. */
  retryAfter: number | null;
  body: SubmitReplyDto;
}

/** A task that a submit has begun. */
export type TakenTask = Pick<Task, 'id' | 'notifyHook' | 'action'>;

/** The answer to a submit, and the tasks that it names. */
export interface SubmitAnswer extends Reply {
  /** Whether it was given before. */
  replayed: boolean;
  /** The tasks that this request has begun: each is logged, and its first hook follows the answer. */
  taken: readonly TakenTask[];
}

/** An answer that was not given before. */
export function firstAnswer(reply: Reply, taken: readonly TakenTask[] = []): SubmitAnswer {
  return { ...reply, replayed: false, taken };
}

/** The reply to accepted work, with more in its properties; any other reply as it is. */
export function withProperties(reply: Reply, more: Record<string, unknown>): Reply {
  const { body } = reply;
  if (body.result === null || Object.keys(more).length === 0) return reply;
  return { ...reply, body: { ...body, properties: { ...body.properties, ...more } } };
}

/**
 * Makes the reply to an outcome once: the statement that saves the outcome keeps it for replays, and then it is answered.
 * @param make the reply to a task that ended its send with this outcome
 */
export function onceByOutcome(make: (outcome: Outcome, task: Task) => Reply): (outcome: Outcome, task: Task) => Reply {
  let made: { outcome: Outcome; reply: Reply } | null = null;
  return (outcome, task) => {
    if (made?.outcome !== outcome) made = { outcome, reply: make(outcome, task) };
    return made.reply;
  };
}

/**
 * The result that an outcome of a sent task means for its client. An unknown outcome is answered as accepted, as the task has an
 * id to ask for; an upload with an unknown outcome has failed, as its links are lost.
 */
export function resultOf(outcome: Outcome, task: Pick<Task, 'id' | 'prompt' | 'action'>): SubmitResult {
  const { id: taskId, prompt } = task;
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', taskId };
    case 'unknown':
      return task.action === 'UPLOAD' ? { kind: 'unreachable' } : { kind: 'accepted', taskId };
    case 'uploaded':
      return { kind: 'uploaded', urls: outcome.urls };
    case 'queued':
      return { kind: 'queued', taskId, ahead: outcome.ahead };
    case 'exists':
      return { kind: 'exists', taskId };
    case 'window':
      return { kind: 'modal', taskId, finalPrompt: withoutForeignParts(outcome.finalPrompt, prompt) };
    case 'full':
      return { kind: 'queue_full' };
    case 'nothing_done':
      if (isOperatorFault(outcome.fault)) return { kind: 'unavailable' };
      return outcome.fault === 'no_account' ? { kind: 'queue_full' } : { kind: 'unreachable' };
    case 'banned':
      return {
        kind: 'banned',
        promptEn: withoutForeignParts(outcome.promptEn, prompt),
        // A vendor that names no word gives a reason, which may be a sentence.
        bannedWord: scrubForeignText(withoutAccountMatters({ words: outcome.bannedWord, names: [] }, [prompt])),
      };
    case 'refused':
      return { kind: 'refused', code: outcome.code, words: outcome.words };
  }
}

/** The result of one button that made several tasks: their ids, joined by commas. */
export function groupResultOf(
  outcome: Outcome,
  accepted: readonly Task[],
  { prompt, action }: Pick<Task, 'prompt' | 'action'>,
): SubmitResult {
  return resultOf(outcome, { id: accepted.map(({ id }) => id).join(','), prompt, action });
}

/** The answer to a submit: the only place that knows codes. */
export function toReply(result: SubmitResult, style: CodeStyle): Reply {
  const rewritten = style === 'rewritten';
  switch (result.kind) {
    case 'accepted':
      return reply(SUBMIT_CODE.ACCEPTED, SUBMIT_DESCRIPTION.accepted, result.taskId);
    case 'queued':
      return reply(
        rewritten ? SUBMIT_CODE.ACCEPTED : SUBMIT_CODE.QUEUED,
        SUBMIT_DESCRIPTION.queued(result.ahead),
        result.taskId,
        {
          numberOfQueues: result.ahead,
        },
      );
    case 'series': {
      const { taskIds, jobs, ahead } = result;
      const ids = taskIds.join(',');
      const properties = { tasks: taskIds, jobs };
      if (ahead === null) return reply(SUBMIT_CODE.ACCEPTED, SUBMIT_DESCRIPTION.accepted, ids, properties);
      const code = rewritten ? SUBMIT_CODE.ACCEPTED : SUBMIT_CODE.QUEUED;
      return reply(code, SUBMIT_DESCRIPTION.queued(ahead), ids, { numberOfQueues: ahead, ...properties });
    }
    case 'exists':
      return reply(rewritten ? SUBMIT_CODE.ACCEPTED : SUBMIT_CODE.EXISTS, SUBMIT_DESCRIPTION.exists, result.taskId);
    case 'uploaded':
      return reply(SUBMIT_CODE.ACCEPTED, SUBMIT_DESCRIPTION.accepted, result.urls);
    case 'modal':
      return reply(SUBMIT_CODE.EXISTS, SUBMIT_DESCRIPTION.window, result.taskId, {
        finalPrompt: result.finalPrompt,
        remix: true,
      });
    case 'queue_full':
      return { ...reply(SUBMIT_CODE.QUEUE_FULL, SUBMIT_DESCRIPTION.queueFull, null), retryAfter: RETRY_AFTER.queue };
    case 'busy':
      return {
        ...reply(SUBMIT_CODE.SATURATED, SUBMIT_DESCRIPTION.saturated, null),
        status: 429,
        retryAfter: result.retryAfterSeconds ?? RETRY_AFTER.keyLimit,
      };
    case 'no_account':
      return reply(SUBMIT_CODE.NO_ACCOUNT, SUBMIT_DESCRIPTION.noAccount, null);
    case 'unreachable':
      return { ...reply(SUBMIT_CODE.UNREACHABLE, 'upstream_unreachable', null), status: 502 };
    case 'unavailable':
      return {
        ...reply(SUBMIT_CODE.REJECTED, 'upstream_not_available', null),
        status: LOCAL_ERRORS.upstream_not_available.status,
        retryAfter: RETRY_AFTER.upstream,
      };
    case 'banned':
      return reply(SUBMIT_CODE.BANNED, SUBMIT_DESCRIPTION.banned, null, {
        promptEn: result.promptEn,
        bannedWord: result.bannedWord,
      });
    case 'refused': {
      const words = scrubForeignText(result.words) || 'The upstream declined it';
      return { ...reply(result.code, words, null), status: result.code === SUBMIT_CODE.REJECTED ? 400 : 200 };
    }
  }
}

function reply(
  code: SubmitCode,
  description: string,
  result: string | string[] | null,
  properties: Record<string, unknown> = {},
): Reply {
  return { status: 200, retryAfter: null, body: { code, description, result, properties } };
}
