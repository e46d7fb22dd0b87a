import { useComputed, useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { pagePath } from '../../../app/pages.ts';
import { TaskCard } from '../card/task-card.tsx';
import { useDesk } from '../desk.ts';
import { strings } from '../strings.ts';
import { boxesBetween, gridShape, layOut, neighbour, type Box } from './grid-layout.ts';
import styles from './task-grid.module.css';
import { useViewport } from './viewport.ts';
import { cardRatio } from './picture-ratio.ts';

/** px above and below the screen that are drawn too. */
const MARGIN = 700;
/** px from the end at which more is read. */
const READ_AHEAD = 2_200;
/** Shapes of pictures that are remembered for the next time that cards are placed. */
const MOST_SHAPES = 6_000;
/** Seen from its top up to this, px: new tasks are put there at once. */
const TOP = 140;

/** All tasks in rows of even height; only what is near the screen is in the document. */
export function TaskGrid(): VNode {
  const { feed } = useDesk();
  const { route } = useLocation();
  const element = useRef<HTMLDivElement>(null);
  const view = useViewport(element);
  const current = useSignal<string | null>(null);
  const hasFocus = useSignal(false);
  const toFocus = useRef<string | null>(null);
  const shapes = useRef(new Map<string, number>());
  const laid = useComputed(() => {
    const shape = gridShape(view.value.width);
    const ratioOf = (id: string): number => {
      const task = feed.store.get(id)?.peek();
      return task === undefined ? 1 : cardRatio(task, shapes.current.get(id));
    };
    const ids = view.value.width === 0 ? [] : feed.order.value;
    return { ...layOut(ids, ratioOf, shape), shape };
  });
  // Always the same functions: a card is drawn again only when something about it has changed.
  const toCurrent = useCallback((id: string) => void (current.value = id), []);
  const seeShape = useCallback((id: string, ratio: number) => {
    if (shapes.current.size >= MOST_SHAPES) shapes.current.clear();
    shapes.current.set(id, ratio);
  }, []);
  const { boxes, height, shape } = laid.value;
  const { top, bottom } = view.value;
  const near = boxesBetween(boxes, top - MARGIN, bottom + MARGIN, shape.foot);
  const shown = withFocused(near, boxes, hasFocus.value ? current.value : null);
  const tabStop = shown.some(({ id }) => id === current.value) ? current.value : firstSeen(near, top);
  const places = useComputed(() => new Map(boxesOf(laid.value.boxes)));

  useEffect(() => {
    feed.isAtTop = window.scrollY < TOP;
    if (feed.isAtTop) feed.showWaiting();
  }, [top]);
  const isEndNear = bottom > height - READ_AHEAD;
  useEffect(() => {
    if (isEndNear && feed.hasMore.value && !feed.isLoading.value && feed.failure.value === null) void feed.loadMore();
  }, [isEndNear, feed.hasMore.value, feed.isLoading.value, boxes.length]);
  useLayoutEffect(() => {
    const id = toFocus.current;
    const card = id === null ? null : element.current?.querySelector<HTMLElement>(`[data-task="${id}"]`);
    if (card === null || card === undefined) return;
    toFocus.current = null;
    card.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.dataset['task'] === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = target.dataset['task'];
    if (key === 'Enter') return route(pagePath('gallery', id));
    const at = places.peek().get(id);
    const next = at === undefined ? null : neighbour(boxes, at, key);
    const box = next === null ? undefined : boxes[next];
    if (box === undefined) return;
    event.preventDefault();
    toFocus.current = box.id;
    current.value = box.id;
    scrollTo(box, shape.foot, element.current);
  };
  return (
    <div
      ref={element}
      class={styles['grid']}
      style={{ height: `${height}px` }}
      role="feed"
      aria-label={strings.value.listLabel}
      aria-busy={feed.isLoading.value}
      onKeyDown={onKeyDown}
      onFocusIn={() => (hasFocus.value = true)}
      onFocusOut={() => (hasFocus.value = false)}
    >
      {shown.map(({ id, ...box }) => (
        <TaskCard
          key={id}
          id={id}
          {...box}
          place={(places.value.get(id) ?? 0) + 1}
          total={feed.hasMore.value ? -1 : boxes.length}
          isCurrent={id === tabStop}
          onCurrent={toCurrent}
          onShape={seeShape}
        />
      ))}
    </div>
  );
}

function* boxesOf(boxes: readonly Box[]): Generator<[string, number]> {
  for (const [at, { id }] of boxes.entries()) yield [id, at];
}

/** A card that has the focus stays in the document when it is scrolled away, or the focus would be lost with it. */
function withFocused(near: readonly Box[], boxes: readonly Box[], focused: string | null): readonly Box[] {
  if (focused === null || near.some(({ id }) => id === focused)) return near;
  const box = boxes.find(({ id }) => id === focused);
  return box === undefined ? near : [...near, box];
}

function firstSeen(near: readonly Box[], top: number): string | null {
  return (near.find(({ y }) => y >= top) ?? near[0])?.id ?? null;
}

/** Scrolls as little as shows a card whole. */
function scrollTo({ y, height }: Box, foot: number, grid: HTMLElement | null): void {
  if (grid === null) return;
  const start = grid.getBoundingClientRect().top + window.scrollY + y;
  const end = start + height + foot;
  if (start - 80 < window.scrollY) window.scrollTo({ top: start - 80 });
  else if (end + 80 > window.scrollY + window.innerHeight) window.scrollTo({ top: end + 80 - window.innerHeight });
}
