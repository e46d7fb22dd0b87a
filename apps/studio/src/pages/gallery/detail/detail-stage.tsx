import { EyeOff, Hand } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Task } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { Icon } from '../../../components/icon.tsx';
import { titleOf } from '../action-text.ts';
import { Film } from '../card/card-stage.tsx';
import { FailureNote } from '../card/failure-note.tsx';
import { ProgressNote } from '../card/progress-note.tsx';
import { TaskPicture } from '../card/task-picture.tsx';
import { TextResult } from '../card/text-result.tsx';
import { useDesk } from '../desk.ts';
import { cardRatio, TEXT_ACTIONS } from '../grid/picture-ratio.ts';
import { strings } from '../strings.ts';
import { hasEnded } from '../store/task-state.ts';
import styles from './detail-stage.module.css';

/** What a task has made, as large as there is room; or how it stands, or why there is nothing. */
export function DetailStage({ task }: { task: Task }): VNode {
  if (task.status === 'FAILURE' || task.status === 'CANCEL') {
    return (
      <div class={styles['box']}>
        <FailureNote task={task} />
      </div>
    );
  }
  if (task.status === 'MODAL') return <WindowPlace task={task} />;
  if (!hasEnded(task)) return <Running task={task} />;
  if (TEXT_ACTIONS.has(task.action)) {
    return (
      <div class={`${styles['box']} ${styles['padded']}`}>
        <TextResult task={task} />
      </div>
    );
  }
  if (task.videoUrl !== '') return <Films task={task} />;
  return task.imageUrl === '' ? <div class={styles['box']} /> : <Pictures task={task} />;
}

function WindowPlace({ task }: { task: Task }): VNode {
  const desk = useDesk();
  const { needsYou, openWindow } = strings.value.card;
  return (
    <div class={styles['box']}>
      <EmptyState icon={Hand} title={needsYou}>
        <Button kind="primary" onClick={() => (desk.window.value = task.id)}>
          {openWindow}
        </Button>
      </EmptyState>
    </div>
  );
}

function Running({ task }: { task: Task }): VNode {
  return (
    <div class={styles['box']}>
      <Fitted ratio={cardRatio(task)}>
        {(width, height) => (
          <>
            {task.imageUrl !== '' && (
              <TaskPicture
                link={task.imageUrl}
                alt={strings.value.card.preview(titleOf(task))}
                width={width}
                height={height}
              />
            )}
            <ProgressNote task={task} isOverPicture={task.imageUrl !== ''} />
          </>
        )}
      </Fitted>
    </div>
  );
}

function Films({ task }: { task: Task }): VNode {
  const films = task.videoUrls ?? [{ url: task.videoUrl }];
  return (
    <div class={films.length > 1 ? styles['quarters'] : styles['single']}>
      {films.map((_film, at) => (
        <div key={at} class={styles['film']}>
          <Film task={task} at={at} width={films.length > 1 ? 512 : 1_024} />
        </div>
      ))}
    </div>
  );
}

/** The single pictures of a grid, each in its place; a picture that stands alone is shown whole. */
function Pictures({ task }: { task: Task }): VNode {
  const seen = useSignal<number | undefined>(undefined);
  const byNumber = new Map((task.imageUrls ?? []).map(({ url }) => [numberOf(url), url]));
  const withheld = task.properties.withheld ?? [];
  const numbers = [...new Set([...byNumber.keys(), ...withheld])].sort((one, other) => one - other);
  const ratio = cardRatio(task, seen.value);
  if (numbers.length < 2) {
    return <Tile task={task} n={1} link={task.imageUrl} ratio={ratio} onShape={(shape) => (seen.value = shape)} />;
  }
  return (
    <div class={styles['quarters']}>
      {numbers.map((n) => (
        <Tile
          key={n}
          task={task}
          n={n}
          link={byNumber.get(n) ?? null}
          ratio={ratio}
          onShape={(shape) => (seen.value = shape)}
        />
      ))}
    </div>
  );
}

/** `/mj/image/{id}/{n}`, with or without a file ending. */
function numberOf(link: string): number {
  return Number(/\/(\d+)(?:\.\w+)?(?:\?.*)?$/.exec(link)?.[1] ?? 1);
}

function Tile({
  task,
  n,
  link,
  ratio,
  onShape,
}: {
  task: Task;
  n: number;
  /** null: withheld */
  link: string | null;
  ratio: number;
  onShape: (ratio: number) => void;
}): VNode {
  const desk = useDesk();
  const { card, detail } = strings.value;
  if (link === null) {
    return (
      <div class={`${styles['tile']} ${styles['withheld']}`} style={{ aspectRatio: ratio }}>
        <Icon node={EyeOff} size={22} />
        {card.withheldNumber(n)}
      </div>
    );
  }
  const at = (task.imageUrls ?? []).findIndex(({ url }) => url === link);
  return (
    <button
      type="button"
      class={styles['tile']}
      title={detail.fullView(n)}
      aria-label={detail.fullView(n)}
      onClick={() => (desk.viewer.value = { id: task.id, at: at + 1 })}
    >
      <Fitted ratio={ratio}>
        {(width, height) => <TaskPicture link={link} alt="" width={width} height={height} onShape={onShape} />}
      </Fitted>
    </button>
  );
}

/** A place of a known shape, as wide as there is room and no higher than the screen. */
function Fitted({ ratio, children }: { ratio: number; children: (width: number, height: number) => VNode }): VNode {
  const place = useRef<HTMLSpanElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() => (width.value = element.clientWidth));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return (
    <span
      ref={place}
      class={styles['fitted']}
      style={{ aspectRatio: ratio, maxWidth: `calc((100dvh - 220px) * ${ratio})` }}
    >
      {width.value > 0 && children(width.value, width.value / ratio)}
    </span>
  );
}
