import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { strings } from './strings.ts';

/**
 * The window that a task of status MODAL waits for: what belongs into it depends on the task's action.
 *
 * @param onConfirmed called with the task's id once the gateway has taken it
 */
export function TaskWindow({
  task,
  onClose,
}: {
  task: Task;
  onClose: () => void;
  onConfirmed: (id: string) => void;
}): VNode {
  return (
    <Dialog title={strings.value.title} onClose={onClose}>
      <p>{task.properties.finalPrompt}</p>
    </Dialog>
  );
}
