import type { ComponentChildren, VNode } from 'preact';
import { useSignal } from '@preact/signals';
import { Check } from 'lucide';
import type { Task } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { taskText } from '../action-text.ts';
import { cancel } from '../actions/task-actions.ts';
import { useDesk } from '../desk.ts';
import { strings } from './strings.ts';
import type { Confirmation } from './use-confirmation.ts';
import { dropDraft } from './window-drafts.ts';
import { WindowPrice } from './window-price.tsx';
import styles from './windows.module.css';

/** What every window has: its title, its price, why it was refused, and the ways out of it. */
export function WindowFrame({
  task,
  shape = 'window',
  confirmLabel,
  confirmation,
  onConfirm,
  onClose,
  children,
}: {
  task: Task;
  shape?: 'window' | 'wide';
  confirmLabel: string;
  confirmation: Confirmation;
  onConfirm: () => void;
  onClose: () => void;
  children: ComponentChildren;
}): VNode {
  const texts = strings.value;
  const desk = useDesk();
  const isCancelling = useSignal(false);
  const isOpen = task.status === 'MODAL';
  const giveUp = async (): Promise<void> => {
    isCancelling.value = true;
    dropDraft(task.id);
    await cancel(desk, task.id);
    onClose();
  };
  const actions = (
    <>
      <WindowPrice taskId={task.id} />
      <Button kind="quiet" isBusy={isCancelling.value} disabled={!isOpen} onClick={() => void giveUp()}>
        {texts.cancelTask}
      </Button>
      <Button kind="primary" icon={Check} isBusy={confirmation.isBusy.value} disabled={!isOpen} onClick={onConfirm}>
        {confirmLabel}
      </Button>
    </>
  );
  return (
    <Dialog title={taskText(task).replace(/…$/, '')} shape={shape} actions={actions} onClose={onClose}>
      <div
        class={styles['content']}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onConfirm();
        }}
      >
        {!isOpen && (
          <p class={styles['refusal']} role="status">
            {texts.overtaken}
          </p>
        )}
        {children}
        {confirmation.refusal.value !== null && (
          <p class={styles['refusal']} role="alert">
            {confirmation.refusal.value}
          </p>
        )}
      </div>
    </Dialog>
  );
}
