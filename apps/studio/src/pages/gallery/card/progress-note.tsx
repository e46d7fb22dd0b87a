import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { useTimeLeft } from '../../../app/time-left.ts';
import { formatSeconds } from '../../../i18n/format.ts';
import { shareDone } from '../store/task-state.ts';
import { strings } from '../strings.ts';
import styles from './progress-note.module.css';

/** How a task that has not ended stands: its place in the queue, or how far it is, and about how long it still takes. */
export function ProgressNote({ task, isOverPicture = false }: { task: Task; isOverPicture?: boolean }): VNode {
  const texts = strings.value.card;
  const share = shareDone(task);
  const left = useTimeLeft(task, share);
  const time = left === null ? null : texts.left(formatSeconds(left));
  const isRunning = task.status === 'IN_PROGRESS';
  return (
    <div class={`${styles['note']} ${isOverPicture ? styles['over'] : ''}`}>
      <div class={styles['line']}>
        <span class="truncate">{isRunning && time !== null ? time : stateText(task)}</span>
        {isRunning ? (
          <span class="numeric">{task.progress}</span>
        ) : (
          time !== null && <span class={styles['time']}>{time}</span>
        )}
      </div>
      <progress
        class={styles['bar']}
        aria-label={texts.progress}
        max={1}
        {...(isMoving(task) ? { value: share } : {})}
      />
    </div>
  );
}

function isMoving({ status }: Task): boolean {
  return status === 'IN_PROGRESS' || status === 'NOT_START';
}

function stateText({ status, queuePosition }: Task): string {
  const texts = strings.value.card;
  if (status === 'IN_PROGRESS') return texts.running;
  if (status === 'SUBMITTED') return texts.sent;
  if (queuePosition === null) return texts.queued;
  return queuePosition === 0 ? texts.next : texts.ahead(queuePosition);
}
