import type { Change } from '../change.js';
import { findsText } from './found-text.js';
import type { TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

type Aliased = Extract<TaskEvent, { kind: 'aliased' }>;
type Followed = Extract<TaskEvent, { kind: 'followed' }>;

/**
 * The upstream answered with another task of the same key: this task becomes an alias of that original and costs
 * nothing.
 */
export function onAliased(change: ChangeBuilder, { original, source }: Aliased): Change | null {
  if (change.isEnded()) return null;
  change.set({ aliasOf: original.id, upstreamTaskId: null, lookUpAt: null, nextPollAt: null });
  change.release({ refund: true }).dropInput().note('aliased', source, { original: original.id });
  return copy(change, original, source);
}

/** The original has changed: the alias copies its state. */
export function onFollowed(change: ChangeBuilder, { original, source }: Followed): Change | null {
  return change.isEnded() || change.task.aliasOf !== original.id ? null : copy(change, original, source);
}

function copy(change: ChangeBuilder, original: Task, source: Aliased['source']): Change | null {
  const { task } = change;
  const { promptEn, finalPrompt, finalZhPrompt, imageUrl, messageId, messageHash, seed } = original;
  const { buttons, pictureCount, picturesFrom, withheld, videoCount } = original;
  change.set({ promptEn, finalPrompt, finalZhPrompt, imageUrl, messageId, messageHash, seed });
  change.set({ buttons, pictureCount, picturesFrom, withheld, videoCount });
  if (findsText(task)) change.set({ prompt: original.prompt });
  if (task.action === 'SHORTEN') change.set({ description: original.description });
  switch (original.status) {
    case 'SUCCESS':
      return change.start().finish('SUCCESS', source, { refund: false }).done();
    case 'CANCEL':
      return change.finish('CANCEL', source, { refund: true }).done();
    case 'FAILURE':
      return change.fail(original.failCode ?? 'upstream_failed', original.failReason, source).done();
    case 'NOT_START':
    case 'MODAL':
    case 'SUBMITTED':
    case 'IN_PROGRESS':
      return change
        .set({ progress: Math.max(task.progress, original.progress) })
        .setStatus(original.status === 'IN_PROGRESS' ? 'IN_PROGRESS' : 'SUBMITTED')
        .note('progress', source)
        .done();
  }
}
