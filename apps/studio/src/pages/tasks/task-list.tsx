import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Resource } from '../../api/resource.ts';
import { pagePath } from '../../app/pages.ts';
import { ButtonLink } from '../../components/button.tsx';
import { EmptyState, FailedState, Skeleton } from '../../components/states.tsx';
import { strings } from './strings.ts';
import type { TaskPage } from './table/admin-task.ts';
import { TaskCards } from './table/task-cards.tsx';
import styles from './table/task-table.module.css';
import { TaskTable } from './table/task-table.tsx';

const PLACES = 12;

/** The tasks of a page: while another is read, or when it cannot be, the one before stays. */
export function TaskList({
  resource,
  page,
  search,
  openId,
  isNarrow,
  isFiltered,
  onOpen,
  onRetry,
}: {
  resource: Resource<TaskPage>;
  /** What was read last; null: nothing yet. */
  page: TaskPage | null;
  search: string;
  openId: string | null;
  isNarrow: boolean;
  isFiltered: boolean;
  onOpen: (id: string) => void;
  onRetry: () => void;
}): VNode {
  const { failure, value } = resource;
  const box = useRef<HTMLDivElement>(null);
  if (failure !== null && (page === null || failure.status === 400)) {
    return <FailedState failure={failure} onRetry={onRetry} />;
  }
  if (page === null) return <Places />;
  if (page.items.length === 0) return <NoTasks isFiltered={isFiltered} />;
  const isStale = value === null;
  if (isNarrow) {
    return (
      <div class={isStale ? styles['stale'] : ''} aria-busy={isStale}>
        <TaskCards tasks={page.items} search={search} />
      </div>
    );
  }
  return (
    <div ref={box} class={`${styles['box']} ${isStale ? styles['stale'] : ''}`} aria-busy={isStale}>
      <TaskTable tasks={page.items} search={search} openId={openId} onOpen={onOpen} />
    </div>
  );
}

function Places(): VNode {
  return (
    <div class={`${styles['box']} ${styles['places']}`} aria-busy="true">
      {Array.from({ length: PLACES }, (_, at) => (
        <Skeleton key={at} height="20px" />
      ))}
    </div>
  );
}

function NoTasks({ isFiltered }: { isFiltered: boolean }): VNode {
  const { empty, emptyText, none, noneText, toCreate } = strings.value;
  if (isFiltered) return <EmptyState title={empty} text={emptyText} />;
  return (
    <EmptyState title={none} text={noneText}>
      <ButtonLink kind="primary" href={pagePath('create')}>
        {toCreate}
      </ButtonLink>
    </EmptyState>
  );
}
