import type { VNode } from 'preact';
import { formatNumber, formatTime } from '../../../i18n/format.ts';
import type { Delivery } from './dossier.ts';
import styles from './drawer-table.module.css';
import { strings } from './hook-strings.ts';

/** Every try to tell a receiver, newest first, with the beginning of what it answered as plain text. */
export function HookAttempts({ delivery: { attempts } }: { delivery: Delivery }): VNode {
  const { hooks: texts } = strings.value;
  const classes: Record<string, string> = texts.classes;
  if (attempts.length === 0) return <p class="soft">{texts.noAttempts}</p>;
  return (
    <div class={styles['scroll']} tabIndex={0} role="group" aria-label={texts.attempts}>
      <table class={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{texts.at}</th>
            <th scope="col" class={styles['number']}>
              {texts.attempt}
            </th>
            <th scope="col">{texts.result}</th>
            <th scope="col" class={styles['number']}>
              {texts.http}
            </th>
            <th scope="col" class={styles['number']}>
              {texts.ms}
            </th>
            <th scope="col">{texts.answer}</th>
          </tr>
        </thead>
        <tbody>
          {[...attempts].reverse().map(({ id, at, seq, attempt, status, ms, class: result, answer }) => (
            <tr key={id}>
              <td title={texts.version(String(seq))}>{formatTime(at)}</td>
              <td class={styles['number']}>{attempt === 0 ? texts.extra : formatNumber(attempt)}</td>
              <td class={result === 'delivered' ? styles['good'] : styles['bad']}>{classes[result] ?? result}</td>
              <td class={styles['number']}>{status ?? '–'}</td>
              <td class={styles['number']}>{formatNumber(ms)} ms</td>
              <td class={styles['wide']}>
                {answer === '' ? (
                  <span class="soft">–</span>
                ) : (
                  <pre class={styles['answer']} tabIndex={0} aria-label={texts.answerOf(formatTime(at))}>
                    {answer}
                  </pre>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
