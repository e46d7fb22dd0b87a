import { isForward, scrubForeignText, withoutForeignParts } from '#libs/wire';
import { isBoundToUpstream } from './bound-upstream.js';
import type { Outcome } from '#libs/upstream';
import type { Change } from '../change.js';
import { isBeingConfirmed, onModalOutcome } from './on-modal-outcome.js';
import { nextPollDelay } from '../poll-pace.js';
import { FIRST_LOOK_UP_MS } from '../send-times.js';
import type { EventSource, TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

type Settled = Extract<TaskEvent, { kind: 'settled' }>;
type GivenUp = Extract<TaskEvent, { kind: 'given_up' }>;

/** Back-off before a task is sent again after an upstream was full or unavailable: 2 s, doubling up to 60 s. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

const BANNED_REASON = 'Prompt may contain a sensitive word';
const DECLINED_REASON = 'The upstream declined it';
const NO_UPSTREAM_REASON = 'No upstream could take it';
export const UNKNOWN_REASON = 'It is not known whether the upstream took it';

/** Applies the answer to a submit. */
export function onOutcome(change: ChangeBuilder, event: Settled): Change | null {
  const { task, now } = change;
  const { outcome, source } = event;
  if (change.isEnded()) return onLateAnswer(change, event);
  if (isBeingConfirmed(change)) return onModalOutcome(change, event);
  // A look-up or a push has settled the task before this answer, or the task already waits.
  if (task.upstreamTaskId !== null || task.waiting) return null;
  change.set({ lookUpAt: null });
  switch (outcome.kind) {
    case 'accepted':
      return accept(change, event, outcome.upstreamTaskIds[0]).setStatus('SUBMITTED').note('accepted', source).done();
    case 'queued':
      return accept(change, event, outcome.upstreamTaskIds[0])
        .markVisible()
        .note('queued', source, { ahead: outcome.ahead })
        .done();
    case 'exists':
      return accept(change, event, outcome.upstreamTaskId).setStatus('SUBMITTED').note('exists', source).done();
    case 'window':
      return openModal(change, outcome, source).done();
    case 'uploaded':
      return takeUpload(change, event, outcome.urls.length);
    case 'full':
      return waitOrRefuse(change, event, 'full');
    case 'nothing_done':
      return waitOrRefuse(change, event, outcome.fault);
    case 'banned':
      return decline(change, event, 'banned', BANNED_REASON, { bannedWord: outcome.bannedWord });
    case 'refused':
      return decline(change, event, 'refused', scrubForeignText(outcome.words) || DECLINED_REASON, {
        code: outcome.code,
      });
    case 'unknown':
      // An upload leaves no task at the upstream that could be looked up, and the client waits for the links.
      if (task.action === 'UPLOAD') {
        return decline(change, event, 'outcome_unknown', UNKNOWN_REASON, { fault: outcome.fault });
      }
      change.set({ lookUpAt: new Date(now.getTime() + FIRST_LOOK_UP_MS) });
      if (event.mayResend) change.set({ sendEndedAt: now });
      else if (task.retriesLeft === 0) change.dropInput();
      return change.note('unknown', source, { fault: outcome.fault }).done();
  }
}

/**
 * The task was opened together with another and is declined for the reason of that other. A task that an upstream may
 * have taken stays as it is.
 */
export function onGivenUp(change: ChangeBuilder, event: GivenUp): Change | null {
  const { outcome } = event;
  if (change.isEnded() || change.task.upstreamTaskId !== null) return null;
  if (outcome.kind === 'banned')
    return decline(change, event, 'banned', BANNED_REASON, { bannedWord: outcome.bannedWord });
  if (outcome.kind !== 'refused') return decline(change, event, 'refused', NO_UPSTREAM_REASON, { why: outcome.kind });
  return decline(change, event, 'refused', scrubForeignText(outcome.words) || DECLINED_REASON, { code: outcome.code });
}

/** The upstream accepted the task: polls begin, and the deadline of the task is set. */
export function accept(
  change: ChangeBuilder,
  { pace, timeoutMs }: { pace: Settled['pace']; timeoutMs: number },
  upstreamTaskId: string,
): ChangeBuilder {
  const { task, now } = change;
  const nextPollAt = new Date(now.getTime() + nextPollDelay(0, 0, pace));
  change.set({ upstreamTaskId, nextPollAt, deadlineAt: new Date(now.getTime() + timeoutMs) });
  return task.retriesLeft > 0 ? change : change.dropInput();
}

/**
 * A modal was opened, by the upstream or for it by its adapter: the task holds neither credits nor a slot and is not polled
 * until its client confirms.
 */
export function openModal(
  change: ChangeBuilder,
  modal: { upstreamTaskId: string | null; finalPrompt: string },
  source: EventSource,
): ChangeBuilder {
  // The client has seen an earlier attempt begin; a modal now would be a step back, so the task fails.
  if (change.task.status !== 'MODAL' && !isForward(change.task.status, 'MODAL')) {
    return change.dropInput().fail('upstream_failed', 'The upstream asked for a confirmation', source);
  }
  const finalPrompt = withoutForeignParts(modal.finalPrompt, change.task.prompt);
  change.set({ upstreamTaskId: modal.upstreamTaskId, finalPrompt, lookUpAt: null });
  return change.setStatus('MODAL').release({ refund: true }).dropInput().note('window', source);
}

/** Ends an upload in SUCCESS: the answer to the client contains the links, and nothing else stores them. */
function takeUpload(change: ChangeBuilder, { source }: Settled, pictures: number): Change | null {
  change.start().set({ buttons: [] });
  return change.finish('SUCCESS', source, { refund: false }).note('uploaded', source, { pictures }).done();
}

/**
 * The upstream declined the task before any work. A client that already has the id of the task, because the task had
 * waited, sees a failure.
 */
function decline(
  change: ChangeBuilder,
  { source }: Pick<Settled, 'source'>,
  code: 'banned' | 'refused' | 'outcome_unknown',
  reason: string,
  detail: Record<string, unknown>,
): Change | null {
  if (source === 'sender') return change.refuse(code, reason, source, detail).done();
  return change.fail(code, reason, source, detail).done();
}

function waitOrRefuse(change: ChangeBuilder, event: Settled, why: string): Change | null {
  const { task, now } = change;
  const { source, mayWait } = event;
  if (!mayWait) return decline(change, event, 'refused', NO_UPSTREAM_REASON, { why });
  const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, task.sendAttempt - 1));
  change.freeSlot().set({ waiting: true, waitUntil: new Date(now.getTime() + pause) });
  if (!isBoundToUpstream(task)) change.set({ upstreamId: null });
  change.set({ sentAt: null, sendDeadline: null });
  return change.note('waiting', source, { why }).done();
}

/** Records an acceptance that came after the task had ended. Clients see no difference. */
function onLateAnswer(change: ChangeBuilder, { outcome, source }: Settled): Change | null {
  const upstreamTaskId = answeredId(outcome);
  if (upstreamTaskId === null) return null;
  if (change.task.upstreamTaskId === null) change.set({ upstreamTaskId });
  return change.note('late_acceptance', source).done();
}

/** The first upstream id in an answer; null if the answer contains none. */
export function answeredId(outcome: Outcome): string | null {
  if ('upstreamTaskIds' in outcome) return outcome.upstreamTaskIds[0];
  return 'upstreamTaskId' in outcome ? outcome.upstreamTaskId : null;
}
