import type { VNode } from 'preact';
import { formatCredits } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import { failureWord, wordOf } from '../../../components/words.ts';
import type { AdminTask } from './admin-task.ts';
import { TaskStatus } from './columns.tsx';
import { RelativeTime } from './relative-time.tsx';
import { taskPath } from './task-link.ts';
import styles from './task-cards.module.css';

/** Tasks as cards, where there is no room for a table. */
export function TaskCards({ tasks, search }: { tasks: readonly AdminTask[]; search: string }): VNode {
  const { table, spend } = strings.value;
  return (
    <ul class={styles['cards']} aria-label={table}>
      {tasks.map((task) => (
        <li key={task.id}>
          <a class={styles['card']} href={taskPath(task.id, search)}>
            <span class={styles['line']}>
              <TaskStatus task={task} />
              <span class="soft">
                <RelativeTime at={task.submittedAt} />
              </span>
            </span>
            <span class={styles['prompt']}>{task.prompt === '' ? wordOf(task.action) : task.prompt}</span>
            {task.failCode !== null && <span class={styles['failure']}>{failureWord(task.failCode)}</span>}
            <span class={`${styles['line']} soft`}>
              <span class="truncate">
                {[wordOf(task.action), wordOf(task.mode), task.keyName, task.upstreamName]
                  .filter((part) => part !== null && part !== '')
                  .join(' · ')}
              </span>
              <span class="numeric">{spend(formatCredits(task.cost))}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
