import { Ban, CircleX, RotateCcw } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { priceOf } from '../../../app/account.ts';
import { Button, ButtonLink } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { formatCredits } from '../../../i18n/format.ts';
import { useSignal } from '@preact/signals';
import { taskText } from '../action-text.ts';
import { createPath, press } from '../actions/task-actions.ts';
import { useDesk } from '../desk.ts';
import { strings } from '../strings.ts';
import styles from './failure-note.module.css';

/** Why a task ended without a result, in a sentence of the reader's language. */
export function failureSentence({ failure, status }: Task): string {
  const { failure: texts } = strings.value;
  const kind = failure?.kind ?? (status === 'CANCEL' ? 'cancelled' : 'other');
  return kind in texts ? texts[kind as 'refused'] : texts.other;
}

/** What became of a failed task's credits. */
function creditText(task: Task): string {
  const { failure: texts } = strings.value;
  const { failure, cost } = task;
  if (failure?.refunded === true) {
    const price = priceOf(task);
    return price === null || price === 0 ? texts.refundedAll : texts.refundedAtPrice(formatCredits(price));
  }
  return cost > 0 ? texts.kept : texts.nothing;
}

/** Why a task failed, the upstream's words about it, what was given back, and a way to try again. */
export function FailureNote({ task, isShort = false }: { task: Task; isShort?: boolean }): VNode {
  const { failure: texts } = strings.value;
  const isCancelled = task.status === 'CANCEL';
  const sentence = failureSentence(task);
  return (
    <div class={`${styles['note']} ${isShort ? styles['short'] : ''} ${isCancelled ? styles['cancelled'] : ''}`}>
      <span class={styles['icon']}>
        <Icon node={isCancelled ? Ban : CircleX} size={isShort ? 20 : 24} />
      </span>
      <p class={styles['sentence']}>{sentence}</p>
      {task.failReason !== '' && (
        <p class={styles['said']} title={task.failReason}>
          <span class="visually-hidden">{texts.said}: </span>“{task.failReason}”
        </p>
      )}
      <p class={styles['credits']}>
        {creditText(task)}
        {!isShort && task.failure?.retryable === true && ` ${texts.retryable}`}
      </p>
      {!isShort && <AgainButton task={task} />}
    </div>
  );
}

/** Sends the same follow-up again, or takes the prompt back to Create. */
export function AgainButton({ task, tabIndex = 0 }: { task: Task; tabIndex?: number }): VNode {
  const desk = useDesk();
  const isBusy = useSignal(false);
  const { again } = strings.value.failure;
  if (task.parentId === '' || task.customId === '') {
    return (
      <ButtonLink isSmall icon={RotateCcw} href={createPath(task.prompt, task.action)}>
        {again}
      </ButtonLink>
    );
  }
  const start = async (): Promise<void> => {
    isBusy.value = true;
    await press(desk, task.parentId, task.customId, taskText(task));
    isBusy.value = false;
  };
  return (
    <Button isSmall icon={RotateCcw} isBusy={isBusy.value} tabIndex={tabIndex} onClick={() => void start()}>
      {again}
    </Button>
  );
}
