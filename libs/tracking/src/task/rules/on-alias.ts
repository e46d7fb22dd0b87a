import type { Change } from '../change.js';
import { findsText } from './found-text.js';
import type { TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../transition.js';

type Aliased = Extract<TaskEvent, { kind: 'aliased' }>;
type Followed = Extract<TaskEvent, { kind: 'followed' }>;

/** The upstream answered with a task that this key has already: ours costs nothing and follows that one. */
export function onAliased(change: ChangeBuilder, { original, source }: Aliased): Change | null {
  const { task } = change;
  if (change.isOver()) return null;
  task.aliasOf = original.id;
  task.upstreamTaskId = null;
  task.lookUpAt = null;
  task.nextPollAt = null;
  change.release({ refund: true }).dropInput().note('aliased', source, { original: original.id });
  return copy(change, original, source);
}

/** The task it follows has moved. */
export function onFollowed(change: ChangeBuilder, { original, source }: Followed): Change | null {
  return change.isOver() || change.task.aliasOf !== original.id ? null : copy(change, original, source);
}

function copy(change: ChangeBuilder, original: Task, source: Aliased['source']): Change | null {
  const { task } = change;
  const { promptEn, finalPrompt, finalZhPrompt, imageUrl, messageId, messageHash, seed } = original;
  const { buttons, pictureCount, picturesFrom, videoCount } = original;
  Object.assign(task, { promptEn, finalPrompt, finalZhPrompt, imageUrl, messageId, messageHash, seed });
  Object.assign(task, { buttons, pictureCount, picturesFrom, videoCount });
  if (findsText(task)) task.prompt = original.prompt;
  if (task.action === 'SHORTEN') task.description = original.description;
  switch (original.status) {
    case 'SUCCESS':
      task.startedAt ??= change.timestamp();
      return change.finish('SUCCESS', source, { refund: false }).done();
    case 'CANCEL':
      return change.finish('CANCEL', source, { refund: true }).done();
    case 'FAILURE':
      return change.fail(original.failCode ?? 'upstream_failed', original.failReason, source).done();
    case 'NOT_START':
    case 'MODAL':
    case 'SUBMITTED':
    case 'IN_PROGRESS':
      task.progress = Math.max(task.progress, original.progress);
      return change
        .setStatus(original.status === 'IN_PROGRESS' ? 'IN_PROGRESS' : 'SUBMITTED')
        .note('progress', source)
        .done();
  }
}
