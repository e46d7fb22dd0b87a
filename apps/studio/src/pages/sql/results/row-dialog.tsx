import { ChevronLeft, ChevronRight } from 'lucide';
import type { VNode } from 'preact';
import type { SqlResult } from '../../../api/questions.ts';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { cellText } from '../../../components/results/cell-text.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import { ResultCell } from './result-cell.tsx';
import styles from './row-dialog.module.css';

/** One row of an answer, each value in full. */
export function RowDialog({
  result: { columns, rows },
  at,
  onMove,
  onClose,
}: {
  result: SqlResult;
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}): VNode {
  const { row } = strings.value.results;
  const cells = rows[at] ?? [];
  const step = (to: number, icon: typeof ChevronLeft): VNode => (
    <Button icon={icon} disabled={rows[to] === undefined} onClick={() => onMove(to)}>
      {row(formatNumber(to + 1))}
    </Button>
  );
  return (
    <Dialog
      title={row(formatNumber(at + 1))}
      onClose={onClose}
      actions={
        <>
          {at > 0 && step(at - 1, ChevronLeft)}
          {at < rows.length - 1 && step(at + 1, ChevronRight)}
        </>
      }
    >
      <dl class={styles['values']}>
        {columns.map((column, index) => (
          <div key={index} class={styles['value']}>
            <dt title={column.type}>{column.name}</dt>
            <dd>
              <span class={styles['text']}>
                <ResultCell value={cells[index]} {...column} />
              </span>
              <CopyButton text={cellText(cells[index])} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
