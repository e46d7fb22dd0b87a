import { isForward, scrubForeignText, withoutForeignParts } from '#libs/wire';
import { withoutAccountMatters, type Snapshot } from '#libs/upstream';
import { endCancelled } from './on-cancel.js';
import type { Change } from '../change.js';
import { applyFoundText } from './found-text.js';
import { isAllWithheld, lacksPicture, takePictures, usableButtons, wholePicture } from './pictures.js';
import { nextPollDelay } from '../poll-pace.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

type Seen = Extract<TaskEvent, { kind: 'snapshot' }>;
type Absent = Extract<TaskEvent, { kind: 'absent' }>;

/**
 * Grace period for the picture of a task that its upstream calls done, ms: some upstreams list a success before they
 * store the picture.
 */
const PICTURE_GRACE_MS = 600_000;
/** The same for the rest of its pictures, which may as well have been withheld without a word. */
const REST_GRACE_MS = 30_000;
/** What the client reads of a task whose pictures were all moderated away. */
const ALL_WITHHELD = 'Every picture was withheld by moderation';
/**
 * A silence longer than this many poll intervals counts as an outage, of this gateway or of the upstream, and does not
 * use up the task's time.
 */
const OUTAGE_FACTOR = 3;
const SHORTEST_OUTAGE_MS = 30_000;

/** Applies a snapshot of the upstream. The task only moves forward, and SUCCESS beats every timeout. */
export function onSnapshot(change: ChangeBuilder, event: Seen): Change | null {
  const { task, now } = change;
  const { snapshot, source } = event;
  if (change.isEnded()) {
    return task.status === 'FAILURE' && snapshot.status === 'SUCCESS'
      ? change.note('late_success', source).done()
      : null;
  }
  if (!change.isFollowed()) return null;
  excuseOutage(change, event);
  change.set({ polledAt: now, missingSince: null });
  const isNews = learn(change, snapshot);
  switch (snapshot.status) {
    case 'SUCCESS':
      if (lacksPicture(task, snapshot) || awaitsRest(change, event)) return awaitPicture(change, event);
      if (isAllWithheld(task, snapshot)) return change.fail('upstream_failed', ALL_WITHHELD, source).done();
      return succeed(change, event);
    case 'FAILURE':
      if (task.cancelAskedAt !== null) return endCancelled(change, source).done();
      return change
        .fail('upstream_failed', failReason(task.prompt, snapshot.failReason) || 'The upstream failed', source)
        .done();
    case 'CANCEL':
      return endCancelled(change, source).done();
    case 'NOT_START':
    case 'SUBMITTED':
    case 'IN_PROGRESS':
    case 'MODAL':
    case null:
      return continueTask(change, event, isNews);
  }
}

/** The upstream answered a poll without this task. */
export function onAbsent(change: ChangeBuilder, { pace }: Absent): Change | null {
  const { task, now } = change;
  if (!change.isFollowed()) return null;
  if (task.missingSince === null) change.set({ missingSince: now });
  schedule(change, pace);
  return change.withoutVersion();
}

function continueTask(change: ChangeBuilder, { snapshot, source, pace }: Seen, isNews: boolean): Change | null {
  const { task, now } = change;
  if (task.deadlineAt !== null && now >= task.deadlineAt) {
    return change.fail('timeout', 'The task took longer than it may', source).done();
  }
  // The upstream withdrew its SUCCESS without a picture.
  change.set({ picturelessSince: null });
  const before = { status: task.status, progress: task.progress };
  const next = snapshot.status === 'NOT_START' || snapshot.status === 'MODAL' ? null : snapshot.status;
  if (next !== null && isForward(task.status, next)) change.setStatus(next);
  const progress = Math.min(99, snapshot.progress ?? 0);
  if (progress > task.progress) {
    change.set({ progress }).markVisible();
  }
  const moved = task.status !== before.status || task.progress !== before.progress;
  change.set({ quietPolls: moved || isNews ? 0 : Math.min(1_000, task.quietPolls + 1) });
  schedule(change, pace);
  if (moved) change.note('progress', source);
  else if (isNews) change.note('learned', source);
  if (isNews) change.markVisible();
  return change.done() ?? change.withoutVersion();
}

/** Whether a success shows some of its pictures only, and the others may still come. */
function awaitsRest({ task, now }: ChangeBuilder, { snapshot }: Seen): boolean {
  const since = task.picturelessSince ?? now;
  return snapshot.isIncomplete === true && now.getTime() - since.getTime() < REST_GRACE_MS;
}

/** Keeps the task running at 99 % while its picture may still come; after the grace period the task fails. */
function awaitPicture(change: ChangeBuilder, { source, pace }: Seen): Change | null {
  const { task, now } = change;
  const isNews = task.picturelessSince === null;
  const since = task.picturelessSince ?? now;
  change.set({ picturelessSince: since });
  if (now.getTime() - since.getTime() >= PICTURE_GRACE_MS) {
    return change.fail('upstream_failed', 'The upstream finished without a picture', source).done();
  }
  change.set({ progress: Math.max(task.progress, 99) });
  if (isNews) change.setStatus('IN_PROGRESS').note('pictureless', source);
  change.set({ quietPolls: isNews ? 0 : Math.min(1_000, task.quietPolls + 1) });
  schedule(change, pace);
  return change.done() ?? change.withoutVersion();
}

function succeed(change: ChangeBuilder, { snapshot, source }: Seen): Change | null {
  change.start().set({ buttons: usableButtons(snapshot) });
  applyFoundText(change, snapshot);
  takePictures(change, snapshot);
  return change.finish('SUCCESS', source, { refund: false }).done();
}

/** Takes over texts and picture that the task did not have yet. @returns whether clients can see one of them */
function learn(change: ChangeBuilder, snapshot: Snapshot): boolean {
  const { task } = change;
  const heard = {
    promptEn: withoutForeignParts(snapshot.promptEn, task.prompt) || task.promptEn,
    finalPrompt: withoutForeignParts(snapshot.finalPrompt, task.prompt) || task.finalPrompt,
    finalZhPrompt: withoutForeignParts(snapshot.finalZhPrompt, task.prompt) || task.finalZhPrompt,
    imageUrl: wholePicture(snapshot) ?? task.imageUrl,
    messageId: snapshot.messageId ?? task.messageId,
    messageHash: snapshot.messageHash ?? task.messageHash,
    seed: snapshot.seed ?? task.seed,
  };
  // A link with a new signature only is the same picture.
  const isNews = LEARNED.some((name) =>
    name === 'imageUrl' ? pathOf(heard.imageUrl) !== pathOf(task.imageUrl) : heard[name] !== task[name],
  );
  change.set(heard);
  return isNews;
}

const LEARNED = ['promptEn', 'finalPrompt', 'finalZhPrompt', 'imageUrl', 'messageId', 'messageHash', 'seed'] as const;

function pathOf(url: string | null): string | null {
  return url?.split('?')[0] ?? null;
}

/**
 * The reason that the client reads. The state of the operator's account at the upstream is kept from clients; the same
 * work may succeed at another upstream.
 */
function failReason(prompt: string, words: string): string {
  return scrubForeignText(withoutAccountMatters({ words, names: [] }, [prompt]));
}

function schedule(change: ChangeBuilder, pace: Seen['pace']): void {
  const { task, now } = change;
  change.set({ nextPollAt: new Date(now.getTime() + nextPollDelay(change.age(), task.quietPolls, pace)) });
}

function excuseOutage(change: ChangeBuilder, { pace }: Seen): void {
  const { task, now } = change;
  if (task.deadlineAt === null) return;
  const { polledAt, startedAt, sentAt, submittedAt } = task;
  // For a task that was sent again, answers about an earlier attempt do not count.
  const lastHeard = Math.max(...[polledAt, startedAt, sentAt, submittedAt].map((at) => at?.getTime() ?? 0));
  const silence = now.getTime() - lastHeard;
  const usual = Math.max(
    SHORTEST_OUTAGE_MS,
    OUTAGE_FACTOR * nextPollDelay(now.getTime() - task.submittedAt.getTime(), task.quietPolls, pace),
  );
  if (silence <= usual) return;
  const later = (at: Date): Date => new Date(at.getTime() + silence - usual);
  change.set({ deadlineAt: later(task.deadlineAt) });
  if (task.picturelessSince !== null) change.set({ picturelessSince: later(task.picturelessSince) });
}
