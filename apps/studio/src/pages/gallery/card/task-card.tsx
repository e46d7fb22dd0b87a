import { useSignal } from '@preact/signals';
import { CornerDownRight, Ellipsis } from 'lucide';
import type { VNode } from 'preact';
import { pagePath } from '../../../app/pages.ts';
import type { Task } from '../../../api/client.ts';
import { IconButton } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { formatAge, formatTime } from '../../../i18n/format.ts';
import { wordOf } from '../../../components/words.ts';
import { taskText, titleOf } from '../action-text.ts';
import { useDesk } from '../desk.ts';
import { now } from '../store/clock.ts';
import { hasEnded } from '../store/task-state.ts';
import { strings } from '../strings.ts';
import { CardOverlay } from './card-overlay.tsx';
import { CardSheet } from './card-sheet.tsx';
import { CardStage } from './card-stage.tsx';
import { CancelButton } from './cancel-button.tsx';
import { AgainButton } from './failure-note.tsx';
import { FamilyStack } from './family-stack.tsx';
import styles from './task-card.module.css';

export interface TaskCardProps {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Place in the list, from 1, and how long the list is as far as it is known; -1: more follows. */
  place: number;
  total: number;
  /** Whether the keyboard's way through the page leads to this card. */
  isCurrent: boolean;
  onCurrent: (id: string) => void;
  onShape: (id: string, ratio: number) => void;
}

/** One task of the grid: its picture with what can be done to it, its prompt, and how it stands. */
export function TaskCard({ id, x, y, width, height, place, total, isCurrent, ...on }: TaskCardProps): VNode | null {
  const { feed } = useDesk();
  const isHot = useSignal(false);
  const isSheetOpen = useSignal(false);
  const task = feed.store.get(id)?.value;
  if (task === undefined) return null;
  const tabIndex = isCurrent ? 0 : -1;
  const isDone = task.status === 'SUCCESS';
  const leave = (event: FocusEvent): void => {
    const card = event.currentTarget as HTMLElement;
    if (!(event.relatedTarget instanceof Node && card.contains(event.relatedTarget))) isHot.value = false;
  };
  const enter = (): void => {
    isHot.value = true;
    on.onCurrent(id);
  };
  return (
    <article
      class={styles['card']}
      style={{ transform: `translate(${x}px, ${y}px)`, width: `${width}px` }}
      data-task={id}
      tabIndex={tabIndex}
      aria-labelledby={`prompt-${id}`}
      aria-posinset={place}
      aria-setsize={total}
      onFocusIn={enter}
      onFocusOut={leave}
    >
      <div
        class={styles['stage']}
        style={{ height: `${height}px` }}
        onPointerEnter={({ pointerType }) => (isHot.value = pointerType === 'mouse')}
        onPointerLeave={() => (isHot.value = false)}
      >
        <CardStage task={task} width={width} height={height} onShape={(ratio) => on.onShape(id, ratio)} />
        {task.videoUrl === '' && task.status !== 'MODAL' && (
          <a class={styles['open']} href={pagePath('gallery', id)} tabIndex={-1} aria-hidden="true" />
        )}
        {isHot.value && isDone && <CardOverlay task={task} width={width} />}
      </div>
      <div class={styles['foot']}>
        <p id={`prompt-${id}`} class={styles['prompt']} title={titleOf(task)}>
          {titleOf(task)}
        </p>
        <div class={styles['meta']}>
          <About task={task} tabIndex={tabIndex} />
          <FamilyStack id={id} tabIndex={tabIndex} />
          {(task.status === 'FAILURE' || task.status === 'CANCEL') && <AgainButton task={task} tabIndex={tabIndex} />}
          {!hasEnded(task) && <CancelButton id={id} tabIndex={tabIndex} isSmall />}
          <IconButton
            isSmall
            icon={Ellipsis}
            label={strings.value.card.moreOf(titleOf(task))}
            tabIndex={tabIndex}
            onClick={() => (isSheetOpen.value = true)}
          />
        </div>
      </div>
      {isSheetOpen.value && <CardSheet task={task} onClose={() => (isSheetOpen.value = false)} />}
    </article>
  );
}

function About({ task, tabIndex }: { task: Task; tabIndex: number }): VNode {
  const { submitTime, parentId, mode } = task;
  const what = taskText(task);
  const age = formatAge(submitTime, Math.max(now.value, submitTime), 'narrow');
  return (
    <p class={styles['about']} title={`${what} · ${wordOf(mode)} · ${formatTime(submitTime)}`}>
      {parentId === '' ? (
        <strong>{what}</strong>
      ) : (
        <a
          class={styles['parent']}
          href={pagePath('gallery', parentId)}
          tabIndex={tabIndex}
          aria-label={strings.value.card.parent(what)}
        >
          <Icon node={CornerDownRight} size={14} />
          {what}
        </a>
      )}
      <span> · {age}</span>
    </p>
  );
}
