import type { VNode } from 'preact';
import type { SqlResult } from '../../api/questions.ts';
import { cellText } from './cell-text.ts';
import { formatTime } from '../../i18n/format.ts';
import styles from './result-table.module.css';

const NUMBERS = /^(?:smallint|integer|bigint|numeric|real|double precision)/;
const MOMENTS = /^timestamp with time zone/;

/** An answer as a table that scrolls in a frame of its own. @param label its name for screen readers */
export function ResultTable({ result, label }: { result: SqlResult; label: string }): VNode {
  const { columns, rows } = result;
  return (
    <div class={styles['frame']} tabIndex={0} role="region" aria-label={label}>
      <table class={styles['table']}>
        <thead>
          <tr>
            {columns.map(({ name, type }, index) => (
              <th key={index} scope="col" title={type} class={NUMBERS.test(type) ? styles['number'] : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(({ type }, at) => (
                <td key={at} class={NUMBERS.test(type) ? styles['number'] : undefined}>
                  <Cell value={row[at]} type={type} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ value, type }: { value: unknown; type: string }): VNode {
  if (value === null || value === undefined) return <span class={styles['none']}>null</span>;
  const text = cellText(value);
  return MOMENTS.test(type) ? <time dateTime={text}>{formatTime(text)}</time> : <>{text}</>;
}
