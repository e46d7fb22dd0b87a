import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { TaskButtons } from '../actions/task-buttons.tsx';
import { TaskTools } from '../actions/task-tools.tsx';
import { titleOf } from '../action-text.ts';
import { strings } from '../strings.ts';
import styles from './card-sheet.module.css';

/** Everything that can be done with a task; on a touch screen it takes the place of what pointing at a card shows. */
export function CardSheet({ task, onClose }: { task: Task; onClose: () => void }): VNode {
  return (
    <Dialog title={strings.value.card.more} onClose={onClose}>
      <div class={styles['sheet']}>
        <p class={styles['prompt']}>{titleOf(task)}</p>
        <TaskButtons task={task} onPressed={onClose} />
        <TaskTools task={task} isFull onLeave={onClose} />
      </div>
    </Dialog>
  );
}
