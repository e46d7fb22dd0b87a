import type { VNode } from 'preact';
import { pagePath } from '../../../app/pages.ts';
import { cellText } from '../../../components/results/cell-text.ts';
import { formatTime } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import styles from './result-grid.module.css';

const TASK_COLUMN = /(?:^|_)task_id$/;
const TASK_ID = /^\d{6,20}$/;

/** A cell: a moment in the reader's time zone, a task as a link to it, all else as text. */
export function ResultCell({ name, value, type }: { name: string; value: unknown; type: string }): VNode {
  if (value === null || value === undefined) return <span class={styles['none']}>null</span>;
  const text = cellText(value);
  if (type === 'timestamp with time zone') {
    return (
      <time dateTime={text} title={text}>
        {formatTime(text)}
      </time>
    );
  }
  if (TASK_COLUMN.test(name) && TASK_ID.test(text)) {
    return (
      <a href={pagePath('tasks', text)} title={strings.value.results.openTask(text)}>
        {text}
      </a>
    );
  }
  return <>{text}</>;
}
