import type { VNode } from 'preact';
import { EmptyState } from '../../../components/states.tsx';
import { formatCredits, formatTime } from '../../../i18n/format.ts';
import type { Dossier } from './dossier.ts';
import styles from './drawer-table.module.css';
import { strings } from './event-strings.ts';
import { sumOfCredits } from './ledger-sum.ts';
import { TaskQuestion } from './task-question.tsx';

/** What was taken for a task and given back. */
export function LedgerTab({ dossier: { task, ledger } }: { dossier: Dossier }): VNode {
  const { ledger: texts } = strings.value;
  const kinds: Record<string, string> = texts.kinds;
  if (ledger.length === 0) {
    return (
      <EmptyState title={texts.none}>
        <TaskQuestion of={texts.sql} name="task_ledger" id={task.id} />
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
              <th scope="col">{texts.kind}</th>
              <th scope="col">{texts.note}</th>
              <th scope="col" class={styles['number']}>
                {texts.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {ledger.map(({ id, at, kind, amount, note }) => (
              <tr key={id}>
                <td>{formatTime(at)}</td>
                <td>{kinds[kind] ?? kind}</td>
                <td class={styles['wide']}>{note}</td>
                <td class={styles['number']}>{formatCredits(amount)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                {texts.sum}
              </th>
              <td class={styles['number']}>{formatCredits(sumOfCredits(ledger.map(({ amount }) => amount)))}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <div class={styles['note']}>
        <span />
        <TaskQuestion of={texts.sql} name="task_ledger" id={task.id} />
      </div>
    </div>
  );
}
