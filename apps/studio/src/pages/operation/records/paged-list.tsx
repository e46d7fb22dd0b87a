import type { ComponentChildren, VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { FailedState, Skeleton } from '../../../components/states.tsx';
import { strings } from '../strings.ts';
import styles from '../operation-page.module.css';
import type { Paged } from './paged.ts';
import { RecordTable, type Column } from './record-table.tsx';

/** A list of the admin API with its states: not read yet, not readable, empty, and with more than is shown. */
export function PagedList<Row>({
  list,
  empty,
  ...table
}: {
  list: Paged<Row>;
  empty: ComponentChildren;
  label: string;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  isMuted?: (row: Row) => boolean;
}): VNode {
  const { rows, failure, more, again } = list;
  if (rows === null) {
    if (failure !== null) return <FailedState failure={failure} onRetry={again} />;
    return (
      <div aria-busy="true">
        <Skeleton height="160px" />
      </div>
    );
  }
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div class={styles['part']}>
      <RecordTable {...table} rows={rows} />
      {more !== null && (
        <div>
          <Button onClick={more}>{strings.value.more}</Button>
        </div>
      )}
    </div>
  );
}
