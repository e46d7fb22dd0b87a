import { EyeOff, Hand, Hourglass, Sparkles } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { titleOf } from '../action-text.ts';
import { useDesk } from '../desk.ts';
import { TEXT_ACTIONS } from '../grid/picture-ratio.ts';
import { strings } from '../strings.ts';
import { hasEnded } from '../store/task-state.ts';
import styles from './card-stage.module.css';
import { FailureNote } from './failure-note.tsx';
import { ProgressNote } from './progress-note.tsx';
import { TaskPicture, widthFor } from './task-picture.tsx';
import { TextResult } from './text-result.tsx';

/** What a card shows above its text: picture, preview, film, found texts, progress, or why there is none. */
export function CardStage({
  task,
  width,
  height,
  onShape,
}: {
  task: Task;
  width: number;
  height: number;
  onShape: (ratio: number) => void;
}): VNode {
  if (task.status === 'FAILURE' || task.status === 'CANCEL') return <FailureNote task={task} isShort />;
  if (task.status === 'MODAL') return <WindowNote task={task} />;
  if (!hasEnded(task)) return <Unfinished task={task} width={width} height={height} />;
  if (TEXT_ACTIONS.has(task.action)) return <TextResult task={task} isShort />;
  if (task.videoUrl !== '') return <Film task={task} width={width} />;
  if (task.imageUrl === '') return <div class={styles['ground']} />;
  const withheld = task.properties.withheld ?? [];
  return (
    <>
      <TaskPicture
        link={task.imageUrl}
        alt={strings.value.card.picture(titleOf(task))}
        width={width}
        height={height}
        onShape={onShape}
      />
      {withheld.map((n) => (
        <span key={n} class={`${styles['withheld']} ${styles[`quarter${n}`] ?? ''}`}>
          <Icon node={EyeOff} />
          {strings.value.card.withheld}
        </span>
      ))}
    </>
  );
}

function Unfinished({ task, width, height }: { task: Task; width: number; height: number }): VNode {
  const hasPreview = task.imageUrl !== '';
  return (
    <div class={styles['ground']}>
      {hasPreview && (
        <TaskPicture
          link={task.imageUrl}
          alt={strings.value.card.preview(titleOf(task))}
          width={width}
          height={height}
        />
      )}
      {!hasPreview && (
        <span class={styles['pending']}>
          <Icon node={task.status === 'NOT_START' ? Hourglass : Sparkles} size={28} />
        </span>
      )}
      <ProgressNote task={task} isOverPicture={hasPreview} />
    </div>
  );
}

function WindowNote({ task }: { task: Task }): VNode {
  const desk = useDesk();
  const texts = strings.value.card;
  return (
    <div class={styles['window']}>
      <span class={styles['hand']}>
        <Icon node={Hand} size={22} />
      </span>
      <p>{texts.needsYou}</p>
      <Button kind="primary" isSmall onClick={() => (desk.window.value = task.id)}>
        {texts.openWindow}
      </Button>
    </div>
  );
}

/** A film, silent until it is turned on; nothing of it is loaded before it is played. */
export function Film({ task, width, at = 0 }: { task: Task; width: number; at?: number }): VNode {
  const link = task.videoUrls?.[at]?.url ?? task.videoUrl;
  return (
    <video
      class={styles['film']}
      src={pictureUrl(link)}
      {...(task.imageUrl === '' ? {} : { poster: pictureUrl(task.imageUrl, widthFor(width)) })}
      aria-label={strings.value.card.video(titleOf(task))}
      muted
      loop
      playsInline
      controls
      preload={task.imageUrl === '' ? 'metadata' : 'none'}
    />
  );
}
