import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { strings } from './strings.ts';

/**
 * A task's pictures over the whole page.
 *
 * @param at number of the picture that is shown first, from 1; 0: the grid as a whole
 * @param onOpen called with the id of a parent or child that the reader goes to
 */
export function PictureViewer({
  task,
  at,
  onClose,
}: {
  task: Task;
  at: number;
  onClose: () => void;
  onOpen: (id: string) => void;
}): VNode {
  const link = task.imageUrls?.[at - 1]?.url ?? task.imageUrl;
  return (
    <Dialog shape="wide" title={strings.value.title} onClose={onClose}>
      <img src={pictureUrl(link)} alt={task.prompt} />
    </Dialog>
  );
}
