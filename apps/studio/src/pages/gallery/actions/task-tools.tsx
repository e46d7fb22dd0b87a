import { Download, Expand, Maximize2, Sparkles, TableProperties } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { pagePath } from '../../../app/pages.ts';
import { session } from '../../../app/session.ts';
import { Button, ButtonLink } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { CancelButton } from '../card/cancel-button.tsx';
import { AgainButton } from '../card/failure-note.tsx';
import { useDesk } from '../desk.ts';
import { hasEnded } from '../store/task-state.ts';
import { strings } from '../strings.ts';
import { downloadAll, resultLinks } from './downloads.ts';
import { createPath } from './task-actions.ts';
import styles from './task-buttons.module.css';

/**
 * What can be done with any task: download, copy its link, cancel it, try it again.
 *
 * @param isFull with the ways to its page and to the full view too @param onLeave called before another view opens
 */
export function TaskTools({
  task,
  isFull = false,
  onLeave,
}: {
  task: Task;
  isFull?: boolean;
  onLeave?: () => void;
}): VNode {
  const desk = useDesk();
  const { card, detail } = strings.value;
  const links = resultLinks(task);
  const isFailed = task.status === 'FAILURE' || task.status === 'CANCEL';
  const isAdmin = session.value.kind === 'signed-in' && session.value.session.role === 'admin';
  const show = (): void => {
    onLeave?.();
    desk.viewer.value = { id: task.id, at: 0 };
  };
  return (
    <div class={styles['buttons']}>
      {isFull && (
        <ButtonLink isSmall icon={Maximize2} href={pagePath('gallery', task.id)}>
          {card.open}
        </ButtonLink>
      )}
      {(task.imageUrl !== '' || task.videoUrl !== '') && task.status === 'SUCCESS' && (
        <Button isSmall icon={Expand} onClick={show}>
          {card.full}
        </Button>
      )}
      {links.length > 0 && (
        <Button isSmall icon={Download} onClick={() => void downloadAll(links)}>
          {links.length === 1 ? detail.download : detail.downloadAll(links.length)}
        </Button>
      )}
      <CopyButton text={() => new URL(pagePath('gallery', task.id), location.href).href} label={detail.copyLink} />
      {links[0] !== undefined && <CopyButton text={() => pictureUrl(links[0] ?? '')} label={detail.copyPicture} />}
      {isFailed && isFull && <AgainButton task={task} />}
      {!isFailed && task.prompt !== '' && (
        <ButtonLink isSmall icon={Sparkles} href={createPath(task.prompt)}>
          {detail.use}
        </ButtonLink>
      )}
      {!hasEnded(task) && <CancelButton id={task.id} />}
      {isAdmin && (
        <ButtonLink isSmall icon={TableProperties} href={pagePath('tasks', task.id)}>
          {detail.inTasks}
        </ButtonLink>
      )}
    </div>
  );
}
