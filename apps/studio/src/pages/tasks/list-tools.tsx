import { Columns3, Download, RefreshCw } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { gatewayUrl } from '../../api/gateway-url.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { CheckField } from '../../components/field.tsx';
import menuStyles from './filters/filter-menu.module.css';
import { FilterMenu } from './filters/filter-menu.tsx';
import type { TaskFilters } from './filters/task-filters.ts';
import { adminQueryOf } from './filters/time-range.ts';
import { strings } from './strings.ts';
import { chosenColumns, resetColumns, toggleColumn } from './table/column-choice.ts';
import { COLUMNS } from './table/columns.tsx';

/** What can be done with the list as a whole. */
export function ListTools({
  filters,
  isLoading,
  isAuto,
  hasColumns,
  onAuto,
  onRefresh,
}: {
  filters: TaskFilters;
  isLoading: boolean;
  isAuto: boolean;
  /** Whether the list is a table. */
  hasColumns: boolean;
  onAuto: (isAuto: boolean) => void;
  onRefresh: () => void;
}): VNode {
  const { csv, csvHint, refresh, auto, autoOn } = strings.value;
  return (
    <>
      <span title={autoOn}>
        <CheckField label={auto} isChecked={isAuto} onChange={onAuto} />
      </span>
      <RefreshButton label={refresh} isLoading={isLoading} onRefresh={onRefresh} />
      {hasColumns && <ColumnMenu />}
      <span title={csvHint}>
        <ButtonLink icon={Download} href={csvLink(filters)} download>
          {csv}
        </ButtonLink>
      </span>
    </>
  );
}

/** Address of what is filtered as CSV. A preset of time is counted back from now. */
export function csvLink(filters: TaskFilters): string {
  const query = adminQueryOf(filters, Date.now()).toString();
  return gatewayUrl(`/admin/tasks.csv${query === '' ? '' : `?${query}`}`);
}

const SHOWN_BUSY_MS = 400;

/** Shows that it reads only once that takes a while: a list that refreshes by itself should not flicker. */
function RefreshButton({
  label,
  isLoading,
  onRefresh,
}: {
  label: string;
  isLoading: boolean;
  onRefresh: () => void;
}): VNode {
  const isSlow = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (!isLoading) isSlow.value = false;
    else timer.current = setTimeout(() => (isSlow.value = true), SHOWN_BUSY_MS);
    return () => clearTimeout(timer.current);
  }, [isLoading]);
  return <IconButton kind="plain" icon={RefreshCw} label={label} isBusy={isSlow.value} onClick={onRefresh} />;
}

function ColumnMenu(): VNode {
  const { columns, usualColumns, column } = strings.value;
  const shown = chosenColumns().map(({ name }) => name);
  return (
    <FilterMenu label={columns} icon={Columns3}>
      {() => (
        <>
          <div class={menuStyles['options']}>
            {COLUMNS.map(({ name }) => (
              <label key={name} class={menuStyles['option']}>
                <input type="checkbox" checked={shown.includes(name)} onChange={() => toggleColumn(name)} />
                <span>{column[name]}</span>
              </label>
            ))}
          </div>
          <Button kind="quiet" isSmall onClick={resetColumns}>
            {usualColumns}
          </Button>
        </>
      )}
    </FilterMenu>
  );
}
