import { ArrowUp, Images, SearchX } from 'lucide';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { connection } from '../../api/connection.ts';
import { pagePath } from '../../app/pages.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, FailedState, Skeleton } from '../../components/states.tsx';
import { useDesk } from './desk.ts';
import { FilterBar } from './filters/filter-bar.tsx';
import { countFilters, filterQuery, NO_FILTERS, type GalleryFilters } from './filters/gallery-filters.ts';
import styles from './gallery-page.module.css';
import { TaskGrid } from './grid/task-grid.tsx';
import { strings } from './strings.ts';

const PLACEHOLDERS = 8;

/** The list of the gallery with its filters. */
export function GalleryList(): VNode {
  const { feed } = useDesk();
  const { route } = useLocation();
  const change = (filters: GalleryFilters): void => route(`${pagePath('gallery')}${filterQuery(filters)}`, true);
  return (
    <>
      <FilterBar filters={feed.filters} onChange={change} />
      <Listed key={JSON.stringify(feed.filters)} onClear={() => change(NO_FILTERS)} />
    </>
  );
}

function Listed({ onClear }: { onClear: () => void }): VNode {
  const { feed } = useDesk();
  useEffect(() => {
    if (!feed.isLoaded) void feed.loadMore();
  }, [feed]);
  // What could not be read is read when the gateway is back.
  useEffect(() => {
    if (connection.value === 'online' && feed.failure.value !== null) void feed.loadMore();
  }, [connection.value]);
  useLayoutEffect(() => {
    window.scrollTo({ top: feed.scrollTop });
    const remember = (): void => void (feed.scrollTop = window.scrollY);
    window.addEventListener('scroll', remember, { passive: true });
    return () => {
      window.removeEventListener('scroll', remember);
      // While another view is shown nothing is put into the list.
      feed.isAtTop = false;
    };
  }, [feed]);
  return (
    <>
      <NewPill />
      <TaskGrid />
      <Tail onClear={onClear} />
    </>
  );
}

/** Says that new tasks came while the reader is further down, and leads to them. */
function NewPill(): VNode {
  const { feed } = useDesk();
  const { newTasks, newTasksMany } = strings.value;
  const count = feed.waiting.value.length;
  const isShown = feed.isOutdated.value || (count > 0 && feed.order.value.length > 0);
  const show = (): void => {
    feed.isAtTop = true;
    feed.showWaiting();
    window.scrollTo({ top: 0 });
  };
  return (
    <div class={styles['pillPlace']} aria-live="polite">
      {isShown && (
        <button type="button" class={styles['pill']} onClick={show}>
          <Icon node={ArrowUp} size={16} />
          {feed.isOutdated.value ? newTasksMany : newTasks(count)}
        </button>
      )}
    </div>
  );
}

function Tail({ onClear }: { onClear: () => void }): VNode | null {
  const { feed } = useDesk();
  const { empty } = strings.value;
  const isEmpty = feed.order.value.length === 0;
  if (feed.failure.value !== null) {
    return <FailedState failure={feed.failure.value} onRetry={() => void feed.loadMore()} />;
  }
  if (feed.hasMore.value) return isEmpty ? <Placeholders /> : null;
  if (!isEmpty) return <p class={styles['end']}>{empty.end}</p>;
  return countFilters(feed.filters) > 0 ? (
    <EmptyState icon={SearchX} title={empty.filteredTitle} text={empty.filteredText}>
      <Button onClick={onClear}>{empty.clear}</Button>
    </EmptyState>
  ) : (
    <EmptyState icon={Images} title={empty.title} text={empty.text}>
      <ButtonLink kind="primary" href={pagePath('create')}>
        {empty.button}
      </ButtonLink>
    </EmptyState>
  );
}

function Placeholders(): VNode {
  return (
    <div class={styles['placeholders']}>
      {Array.from({ length: PLACEHOLDERS }, (_none, at) => (
        <div key={at} class={styles['placeholder']}>
          <Skeleton height="236px" />
          <Skeleton height="14px" width="80%" />
          <Skeleton height="14px" width="40%" />
        </div>
      ))}
    </div>
  );
}
