import type { Change } from '../change.js';
import { findsText } from './found-text.js';
import type { TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { Draft } from '../transition.js';

type Aliased = Extract<TaskEvent, { kind: 'aliased' }>;
type Followed = Extract<TaskEvent, { kind: 'followed' }>;

/** The upstream answered with a task that this key has already: ours costs nothing and follows that one. */
export function onAliased(draft: Draft, { original, source }: Aliased): Change | null {
  const { task } = draft;
  if (draft.isOver()) return null;
  task.aliasOf = original.id;
  task.upstreamTaskId = null;
  task.lookUpAt = null;
  task.nextPollAt = null;
  draft.release({ refund: true }).dropInput().note('aliased', source, { original: original.id });
  return copy(draft, original, source);
}

/** The task it follows has moved. */
export function onFollowed(draft: Draft, { original, source }: Followed): Change | null {
  return draft.isOver() || draft.task.aliasOf !== original.id ? null : copy(draft, original, source);
}

function copy(draft: Draft, original: Task, source: Aliased['source']): Change | null {
  const { task } = draft;
  const { promptEn, finalPrompt, finalZhPrompt, imageUrl, messageId, messageHash, seed } = original;
  const { buttons, pictureCount, picturesFrom, videoCount } = original;
  Object.assign(task, { promptEn, finalPrompt, finalZhPrompt, imageUrl, messageId, messageHash, seed });
  Object.assign(task, { buttons, pictureCount, picturesFrom, videoCount });
  if (findsText(task)) task.prompt = original.prompt;
  if (task.action === 'SHORTEN') task.description = original.description;
  switch (original.status) {
    case 'SUCCESS':
      task.startedAt ??= draft.moment();
      return draft.finish('SUCCESS', source, { refund: false }).done();
    case 'CANCEL':
      return draft.finish('CANCEL', source, { refund: true }).done();
    case 'FAILURE':
      return draft.fail(original.failCode ?? 'upstream_failed', original.failReason, source).done();
    case 'NOT_START':
    case 'MODAL':
    case 'SUBMITTED':
    case 'IN_PROGRESS':
      task.progress = Math.max(task.progress, original.progress);
      return draft
        .show(original.status === 'IN_PROGRESS' ? 'IN_PROGRESS' : 'SUBMITTED')
        .note('progress', source)
        .done();
  }
}
