import type { ComponentChildren, VNode } from 'preact';
import { ShowSql } from '../../../components/show-sql.tsx';
import type { Answered } from './house.ts';
import styles from './tile.module.css';

/** A number of now, with the query behind it. */
export function Tile({
  label,
  value,
  note,
  tone = 'plain',
  answered,
}: {
  label: string;
  value: ComponentChildren;
  note: string;
  tone?: 'plain' | 'warning' | 'danger';
  answered: Answered;
}): VNode {
  return (
    <div class={`${styles['tile']} ${styles[tone] ?? ''}`}>
      <dt>{label}</dt>
      <dd class={styles['value']}>{value}</dd>
      <dd class={styles['note']}>
        <span>{note}</span>
        <ShowSql of={label} sql={answered.result.sql} question={answered.question.name} />
      </dd>
    </div>
  );
}
