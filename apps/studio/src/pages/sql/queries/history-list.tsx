import { Trash2 } from 'lucide';
import type { VNode } from 'preact';
import type { Question } from '../../../api/questions.ts';
import { Button } from '../../../components/button.tsx';
import { formatAge, formatNumber } from '../../../i18n/format.ts';
import { language } from '../../../i18n/language.ts';
import { strings } from '../strings.ts';
import styles from './library.module.css';
import { clearRuns, pastRuns, type PastRun } from './run-history.ts';

/** The last runs of this browser. Opening one shows its query with the values that it had. */
export function HistoryList({
  questions,
  onOpen,
}: {
  questions: readonly Question[];
  onOpen: (run: PastRun) => void;
}): VNode {
  const texts = strings.value.history;
  const runs = pastRuns.value;
  if (runs.length === 0) return <p class={styles['none']}>{texts.none}</p>;
  return (
    <>
      <div class={styles['tools']}>
        <Button isSmall icon={Trash2} onClick={clearRuns}>
          {texts.clear}
        </Button>
      </div>
      <ul class={styles['list']}>
        {runs.map((run) => (
          <li key={run.at} class={styles['entry']}>
            <button type="button" class={styles['open']} title={run.sql} onClick={() => onOpen(run)}>
              <span class="truncate">{titleOf(run, questions)}</span>
              <span class={styles['note']}>
                {formatAge(run.at)} ·{' '}
                {run.rows === null ? (
                  <span class={styles['failed']}>{texts.failed}</span>
                ) : (
                  texts.rows(formatNumber(run.rows))
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function titleOf({ question, sql }: PastRun, questions: readonly Question[]): string {
  const known = questions.find(({ name }) => name === question);
  return known?.title[language.value] ?? sql.replace(/\s+/g, ' ').trim();
}
