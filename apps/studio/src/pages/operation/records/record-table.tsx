import type { ComponentChildren, VNode } from 'preact';
import styles from './record-table.module.css';

/** A column of a table of records. */
export interface Column<Row> {
  name: string;
  label: string;
  isNumber?: boolean;
  /** Its head is for screen readers only, as above buttons. */
  isLabelHidden?: boolean;
  cell: (row: Row) => ComponentChildren;
}

/** Records as a table, which becomes a list of cards where it is narrow. The first column names the row. */
export function RecordTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  isMuted,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isMuted?: (row: Row) => boolean;
}): VNode {
  return (
    <div class={styles['frame']} tabIndex={0} role="group" aria-label={label}>
      <table class={styles['table']}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" class={column.isNumber === true ? styles['number'] : undefined}>
                <span class={column.isLabelHidden === true ? 'visually-hidden' : undefined}>{column.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={isMuted?.(row) === true ? styles['muted'] : undefined}>
              {columns.map((column, at) => (
                <Cell key={column.name} column={column} row={row} isHead={at === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row, isHead }: { column: Column<Row>; row: Row; isHead: boolean }): VNode {
  const { label, isNumber, isLabelHidden, cell } = column;
  if (isHead) return <th scope="row">{cell(row)}</th>;
  return (
    <td
      class={isNumber === true ? styles['number'] : undefined}
      data-label={isLabelHidden === true ? undefined : label}
    >
      {cell(row)}
    </td>
  );
}
