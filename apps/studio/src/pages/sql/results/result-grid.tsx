import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { SqlResult } from '../../../api/questions.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import { ResultCell } from './result-cell.tsx';
import { columnWidths, rowsInSight } from './column-widths.ts';
import { RowDialog } from './row-dialog.tsx';
import styles from './result-grid.module.css';
import { isNumber } from './table-text.ts';

/** px; the style sheet has the same. */
const ROW_PX = 33;

/** An answer as a table of which only the rows in sight are drawn: a thousand rows scroll as ten do. */
export function ResultGrid({ result, label }: { result: SqlResult; label: string }): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const sight = useSignal({ top: 0, height: 640 });
  const opened = useSignal<number | null>(null);
  const { columns, rows } = result;
  const widths = useMemo(() => columnWidths(result), [result]);
  const digits = String(rows.length).length;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    element.scrollTo(0, 0);
    const look = (): void => void (sight.value = { top: element.scrollTop, height: element.clientHeight });
    const size = new ResizeObserver(look);
    size.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      size.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [result]);
  const { first, last } = rowsInSight(sight.value, rows.length, ROW_PX);
  const texts = strings.value.results;
  return (
    <>
      <div ref={frame} class={styles['frame']} tabIndex={0} role="region" aria-label={label}>
        <table class={styles['table']} aria-rowcount={rows.length + 1}>
          <colgroup>
            <col style={{ width: `${digits + 4}ch` }} />
            {widths.map((width, at) => (
              <col key={at} style={{ width: `calc(${width * 0.94}ch + 25px)` }} />
            ))}
            <col />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" class={styles['position']}>
                <span aria-hidden="true">#</span>
                <span class="visually-hidden">{texts.title}</span>
              </th>
              {columns.map(({ name, type }, at) => (
                <th key={at} scope="col" title={type} class={isNumber(type) ? styles['number'] : undefined}>
                  {name}
                </th>
              ))}
              <td class={styles['rest']} />
            </tr>
          </thead>
          <tbody>
            <Space rows={first} />
            {rows.slice(first, last).map((row, offset) => {
              const at = first + offset;
              return (
                <tr key={at} aria-rowindex={at + 2} class={styles['row']}>
                  <td class={styles['position']}>
                    <button
                      type="button"
                      aria-label={texts.showRow(formatNumber(at + 1))}
                      title={texts.showRow(formatNumber(at + 1))}
                      onClick={() => (opened.value = at)}
                    >
                      {at + 1}
                    </button>
                  </td>
                  {columns.map((column, index) => (
                    <td key={index} class={isNumber(column.type) ? styles['number'] : undefined}>
                      <ResultCell value={row[index]} {...column} />
                    </td>
                  ))}
                  <td class={styles['rest']} />
                </tr>
              );
            })}
            <Space rows={rows.length - last} />
          </tbody>
        </table>
      </div>
      {opened.value !== null && (
        <RowDialog
          result={result}
          at={opened.value}
          onMove={(at) => (opened.value = at)}
          onClose={() => (opened.value = null)}
        />
      )}
    </>
  );
}

/** Stands for rows that are out of sight. */
function Space({ rows }: { rows: number }): VNode | null {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden="true" style={{ height: `${rows * ROW_PX}px` }}>
      <td />
    </tr>
  );
}
