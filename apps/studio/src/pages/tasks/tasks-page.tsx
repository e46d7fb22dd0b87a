import { useSignal } from '@preact/signals';
import { useLocation, useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { readPreference, writePreference } from '../../app/stored-preference.ts';
import { PageHead } from '../../components/page-head.tsx';
import { TaskDrawer } from './drawer/task-drawer.tsx';
import { ChipList } from './filters/chip-list.tsx';
import { FilterBar } from './filters/filter-bar.tsx';
import { chipsOf } from './filters/filter-chips.ts';
import { filtersSql } from './filters/filters-sql.ts';
import { readNames, reportedKey, reportedUpstream } from '../../api/named-rows.ts';
import { filtersOf, isUnfiltered, NO_FILTERS, queryOf, type TaskFilters } from './filters/task-filters.ts';
import { adminQueryOf } from './filters/time-range.ts';
import { ListCount } from './list-count.tsx';
import { ListTools } from './list-tools.tsx';
import { Pager } from './pager.tsx';
import { strings } from './strings.ts';
import { readTaskPage, type TaskPage } from './table/admin-task.ts';
import { extendTrail, readTrail, trailTo, writeTrail } from './table/page-trail.ts';
import { tablePath, taskPath } from './table/task-link.ts';
import { useNarrow } from '../../components/use-narrow.ts';
import { TaskList } from './task-list.tsx';
import styles from './tasks-page.module.css';
import { useDrawer } from './use-drawer.ts';

const AUTO = 'journeyman.tasks.auto';
const AUTO_MS = 10_000;

/** Tasks of every key as a table with filters, and one of them in a drawer. Its address says all that is shown. */
export function TasksPage(): VNode {
  const { url, route } = useLocation();
  const { search, searchParams } = new URL(url, location.origin);
  const openId = useRoute().params['id'] ?? null;
  const filters = filtersOf(searchParams);
  const cursor = searchParams.get('cursor') ?? '';
  const filtered = queryOf(filters).toString();

  const isAuto = useSignal(readPreference(AUTO) === 'on');
  const isNarrow = useNarrow();
  const turn = useSignal(0);
  const [names] = useResource('names', readNames);
  const [resource, reread] = useResource(
    `${filtered} ${cursor}`,
    (signal) => readTaskPage(adminQueryOf(filters, Date.now()), cursor, signal),
    { everyMs: () => (isAuto.value ? AUTO_MS : null) },
  );
  const last = useRef<TaskPage | null>(null);
  last.current = resource.value.value ?? last.current;
  const page = last.current;
  const drawer = useDrawer(openId, search);

  const show = (changed: Partial<TaskFilters>): void => {
    const query = queryOf({ ...filters, ...changed }).toString();
    const isTyping = Object.keys(changed).join() === 'q';
    route(tablePath(query === '' ? '' : `?${query}`), isTyping);
  };
  const goTo = (target: string): void => {
    const query = queryOf(filters);
    if (target !== '') query.set('cursor', target);
    route(tablePath(query.size === 0 ? '' : `?${query.toString()}`));
  };
  const refresh = (): void => {
    reread();
    turn.value += 1;
  };
  const chooseAuto = (on: boolean): void => {
    isAuto.value = on;
    writePreference(AUTO, on ? 'on' : null);
    if (on) refresh();
  };

  const trail = trailTo(cursor, filtered, readTrail());
  const next = resource.value.value?.nextCursor ?? null;
  const goOlder = (): void => {
    if (next === null) return;
    writeTrail(extendTrail(filtered, trail ?? [''], cursor, next));
    goTo(next);
  };
  const { keys, upstreams } = names.value.value ?? { keys: [], upstreams: [] };
  const sql = filtersSql(filters, {
    key: reportedKey(keys, filters.keyId),
    upstream: reportedUpstream(upstreams, filters.upstreamId),
  });
  const beside = page?.items.map(({ id }) => id) ?? [];

  return (
    <div class={styles['page']}>
      <PageHead title={strings.value.title}>
        <ListTools
          filters={filters}
          isLoading={resource.value.isLoading}
          isAuto={isAuto.value}
          hasColumns={!isNarrow.value}
          onAuto={chooseAuto}
          onRefresh={refresh}
        />
      </PageHead>
      <div class={styles['filters']}>
        <FilterBar filters={filters} keys={keys} upstreams={upstreams} onChange={show} />
        <ChipList chips={chipsOf(filters, keys, upstreams)} onRemove={show} onClear={() => show(NO_FILTERS)} />
      </div>
      <TaskList
        resource={resource.value}
        page={page}
        search={search}
        openId={openId}
        isNarrow={isNarrow.value}
        isFiltered={!isUnfiltered(filters) || cursor !== ''}
        onOpen={(id) => route(taskPath(id, search))}
        onRetry={refresh}
      />
      <footer class={styles['foot']}>
        <ListCount sql={sql} shown={page?.items.length ?? 0} turn={turn.value} />
        <Pager
          page={trail === null ? null : trail.length + 1}
          onNewest={cursor === '' ? null : () => goTo('')}
          onNewer={trail === null || cursor === '' ? null : () => goTo(trail.at(-1) ?? '')}
          onOlder={next === null ? null : goOlder}
        />
      </footer>
      {openId !== null && (
        <TaskDrawer
          id={openId}
          beside={beside}
          onShow={(id) => route(taskPath(id, search), true)}
          onClose={drawer.close}
          onChanged={refresh}
        />
      )}
    </div>
  );
}
