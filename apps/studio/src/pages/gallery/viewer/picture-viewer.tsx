import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Task } from '../../../api/client.ts';
import { EmptyState } from '../../../components/states.tsx';
import { forgetPicture, notePicture } from './picture-address.ts';
import { strings } from './strings.ts';
import { useRelatives } from './use-relatives.ts';
import { itemsOf, placeOf, type ViewerItem } from './viewer-items.ts';
import { ViewerRoom } from './viewer-room.tsx';
import { ViewerShell } from './viewer-shell.tsx';

/**
 * A task's pictures or films over the whole page, and those of its nearest relatives.
 *
 * @param at number of what is shown first, from 1; 0: the grid as a whole, or the only one
 * @param onOpen called with the id of a task whose page the reader goes to
 */
export function PictureViewer({
  task,
  at,
  onClose,
  onOpen,
}: {
  task: Task;
  at: number;
  onClose: () => void;
  onOpen: (id: string) => void;
}): VNode {
  // A relative that the reader turned to; null: the task that the viewer was opened for.
  const other = useSignal<Task | null>(null);
  const number = useSignal(at);
  const shown = other.value ?? task;
  const relatives = useRelatives(shown);
  const items = itemsOf(shown);
  const known = useRef(new Map<string, Task>());
  known.current.set(task.id, task);
  for (const relative of [relatives.parent, ...relatives.children]) {
    if (relative !== null) known.current.set(relative.id, relative);
  }
  const show = ({ taskId, number: wanted }: ViewerItem): void => {
    const found = known.current.get(taskId);
    if (found === undefined) return onOpen(taskId);
    other.value = taskId === task.id ? null : found;
    number.value = wanted;
  };
  useEffect(() => notePicture(shown.id, number.value), [shown.id, number.value]);
  useEffect(() => forgetPicture, []);
  const item = items[placeOf(items, number.value)];
  if (item === undefined) {
    return (
      <ViewerShell title={shown.prompt} onClose={onClose}>
        <EmptyState title={strings.value.nothing} />
      </ViewerShell>
    );
  }
  return (
    <ViewerRoom
      task={shown}
      items={items}
      item={item}
      relatives={relatives}
      taskOf={(taskId) => known.current.get(taskId) ?? shown}
      onShow={show}
      onOpen={onOpen}
      onClose={onClose}
    />
  );
}
