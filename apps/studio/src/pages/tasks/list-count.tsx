import type { VNode } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { session } from '../../app/session.ts';
import { ShowSql } from '../../components/show-sql.tsx';
import { formatCredits, formatNumber } from '../../i18n/format.ts';
import type { FiltersSql } from './filters/filters-sql.ts';
import { strings } from './strings.ts';
import styles from './tasks-page.module.css';

interface Counted {
  tasks: number;
  spend: string;
}

/** Counting every task is work for the database: it is done anew when the filters change, when asked, and each minute. */
const EVERY_MS = 60_000;

/** How many tasks the filters mean and what they cost, with the SQL that counted them. */
export function ListCount({ sql, shown, turn }: { sql: FiltersSql; shown: number; turn: number }): VNode {
  const { sqlOf, counting, count, countOne, spend, shown: onPage } = strings.value;
  const canCount = sql.isExact && session.value.kind === 'signed-in' && session.value.session.sql;
  const [resource, refresh] = useResource(canCount ? sql.count : null, (signal) => countTasks(sql.count, signal), {
    everyMs: EVERY_MS,
  });
  const turnSeen = useSignal(turn);
  useEffect(() => {
    if (turnSeen.value === turn) return;
    turnSeen.value = turn;
    refresh();
  }, [turn]);
  const { value, isLoading } = resource.value;
  const text =
    value !== null
      ? [value.tasks === 1 ? countOne : count(formatNumber(value.tasks)), spend(formatCredits(value.spend))].join(' · ')
      : canCount && isLoading
        ? counting
        : onPage(formatNumber(shown));
  return (
    <div class={styles['count']}>
      <p class="numeric" aria-live="polite">
        {text}
      </p>
      <ShowSql of={sqlOf} sql={value === null ? sql.list : sql.count} />
    </div>
  );
}

async function countTasks(sql: string, signal: AbortSignal): Promise<Counted> {
  const { rows } = await call<{ rows: unknown[][] }>('POST', '/admin/sql/run', { body: { sql }, signal });
  const [tasks, spend] = rows[0] ?? [];
  return {
    tasks: Number(tasks ?? 0),
    spend: typeof spend === 'string' || typeof spend === 'number' ? String(spend) : '0',
  };
}
