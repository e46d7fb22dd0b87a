import type { ComponentChildren } from 'preact';
import { Badge, StatusBadge } from '../../../components/badge.tsx';
import { formatCredits, formatNumber } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import { failureWord, wordOf } from '../../../components/words.ts';
import type { AdminTask } from './admin-task.ts';
import { RelativeTime } from './relative-time.tsx';
import styles from './task-table.module.css';

export type ColumnName = keyof typeof strings.value.column;

/** A column of the table. The first one, with the link to the task, is always there. */
export interface Column {
  name: ColumnName;
  /** px; a flexible one takes what is left, and this many at least. */
  width: number;
  isFlexible?: boolean;
  isNumber?: boolean;
  isUsual?: boolean;
  of: (task: AdminTask) => ComponentChildren;
}

const LONG_RUN_DIGITS = 1;

function seconds(value: number | null): ComponentChildren {
  return value === null ? <Nothing /> : strings.value.seconds(formatNumber(value, value < 100 ? LONG_RUN_DIGITS : 0));
}

/** Stands where a task has no value. */
function Nothing(): ComponentChildren {
  return <span class="soft">–</span>;
}

function text(value: string | null): ComponentChildren {
  return value === null || value === '' ? <Nothing /> : <span title={value}>{value}</span>;
}

/** All columns in their order. */
export const COLUMNS: readonly Column[] = [
  {
    name: 'submitted',
    width: 136,
    isUsual: true,
    of: ({ submittedAt }) => <RelativeTime at={submittedAt} />,
  },
  {
    name: 'status',
    width: 148,
    isUsual: true,
    of: (task) => <TaskStatus task={task} />,
  },
  { name: 'action', width: 96, isUsual: true, of: ({ action }) => wordOf(action) },
  { name: 'mode', width: 68, isUsual: true, of: ({ mode }) => wordOf(mode) },
  { name: 'key', width: 92, isUsual: true, of: ({ keyName, keyId }) => text(keyName === '' ? `#${keyId}` : keyName) },
  { name: 'upstream', width: 92, isUsual: true, of: ({ upstreamName }) => text(upstreamName) },
  { name: 'prompt', width: 140, isFlexible: true, isUsual: true, of: ({ prompt }) => text(prompt) },
  {
    name: 'failure',
    width: 164,
    of: ({ failCode, failReason }) =>
      failCode === null ? <Nothing /> : <span title={failReason}>{failureWord(failCode)}</span>,
  },
  { name: 'queue', width: 76, isNumber: true, isUsual: true, of: ({ queueSeconds }) => seconds(queueSeconds) },
  { name: 'run', width: 76, isNumber: true, isUsual: true, of: ({ runSeconds }) => seconds(runSeconds) },
  { name: 'cost', width: 76, isNumber: true, isUsual: true, of: ({ cost }) => formatCredits(cost) },
  {
    name: 'pictures',
    width: 84,
    isNumber: true,
    of: ({ pictureCount, videoCount }) => formatNumber(pictureCount + videoCount),
  },
  { name: 'attempts', width: 84, isNumber: true, of: ({ sendAttempt }) => formatNumber(sendAttempt) },
  { name: 'state', width: 148, of: ({ state }) => text(state) },
  {
    name: 'finished',
    width: 136,
    of: ({ finishedAt }) => (finishedAt === null ? <Nothing /> : <RelativeTime at={finishedAt} />),
  },
  { name: 'parent', width: 156, of: ({ parentId }) => <span class="mono">{text(parentId)}</span> },
  { name: 'request', width: 180, of: ({ requestId }) => <span class="mono">{text(requestId)}</span> },
];

/** The status of a task, with its progress while it runs. */
export function TaskStatus({ task }: { task: AdminTask }): ComponentChildren {
  if (task.refused) return <Badge tone="danger">{strings.value.declined}</Badge>;
  const isRunning = task.status === 'IN_PROGRESS' && task.progress > 0;
  return (
    <span class={styles['status']}>
      <StatusBadge status={task.status} />
      {isRunning && <span class="soft numeric">{formatNumber(task.progress)} %</span>}
    </span>
  );
}
