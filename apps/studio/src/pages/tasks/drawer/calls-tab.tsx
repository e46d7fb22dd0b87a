import type { VNode } from 'preact';
import { EmptyState } from '../../../components/states.tsx';
import { formatNumber, formatTime } from '../../../i18n/format.ts';
import type { Dossier } from './dossier.ts';
import styles from './drawer-table.module.css';
import { strings } from './event-strings.ts';
import { TaskQuestion } from './task-question.tsx';

/** What was sent to upstreams for a task. */
export function CallsTab({ dossier: { task, calls } }: { dossier: Dossier }): VNode {
  const { calls: texts } = strings.value;
  const results: Record<string, string> = texts.results;
  if (calls.length === 0) {
    return (
      <EmptyState title={texts.none} text={texts.noneText}>
        <TaskQuestion of={texts.sql} name="task_upstream" id={task.id} />
      </EmptyState>
    );
  }
  return (
    <div class={styles['tab']}>
      <div class={styles['scroll']} tabIndex={0} role="group" aria-label={texts.sql}>
        <table class={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{texts.at}</th>
              <th scope="col">{texts.upstream}</th>
              <th scope="col">{texts.operation}</th>
              <th scope="col">{texts.result}</th>
              <th scope="col" class={styles['number']}>
                {texts.ms}
              </th>
            </tr>
          </thead>
          <tbody>
            {calls.map(({ id, at, upstreamName, operation, result, ms }) => (
              <tr key={id}>
                <td>{formatTime(at)}</td>
                <td>{upstreamName}</td>
                <td class="mono">{operation}</td>
                <td>{results[result] ?? result}</td>
                <td class={styles['number']}>{formatNumber(ms)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class={styles['note']}>
        {texts.noneText} <TaskQuestion of={texts.sql} name="task_upstream" id={task.id} />
      </p>
    </div>
  );
}
