import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Task } from '../../../api/client.ts';
import { formatSeconds } from '../../../i18n/format.ts';
import { shareDone } from '../store/task-state.ts';
import { strings } from '../strings.ts';
import styles from './progress-note.module.css';

/** How a task that has not ended stands: its place in the queue, or how far it is. */
export function ProgressNote({ task, isOverPicture = false }: { task: Task; isOverPicture?: boolean }): VNode {
  const texts = strings.value.card;
  const share = shareDone(task);
  const left = useTimeLeft(task, share);
  return (
    <div class={`${styles['note']} ${isOverPicture ? styles['over'] : ''}`}>
      <div class={styles['line']}>
        <span class="truncate">{left === null ? stateText(task) : texts.left(formatSeconds(left))}</span>
        {task.status === 'IN_PROGRESS' && <span class="numeric">{task.progress}</span>}
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

/** Share that must have been seen to be done, before the rest is guessed by it. */
const LEAST_SEEN = 0.1;
const STEP_S = 5;

/** Seconds until a task may be done, by how fast it went on while it was looked at; null: too early to say. */
function useTimeLeft({ status }: Task, share: number): number | null {
  const first = useRef<{ at: number; share: number } | null>(null);
  if (status !== 'IN_PROGRESS') return null;
  const now = performance.now();
  first.current ??= { at: now, share };
  const done = share - first.current.share;
  if (done < LEAST_SEEN) return null;
  const seconds = (((now - first.current.at) / done) * (1 - share)) / 1_000;
  return Math.max(STEP_S, Math.round(seconds / STEP_S) * STEP_S);
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
