import { CircleCheck, TriangleAlert } from 'lucide';
import type { VNode } from 'preact';
import { pagePath } from '../../../app/pages.ts';
import { Icon } from '../../../components/icon.tsx';
import { formatNumber, formatSeconds, formatShare } from '../../../i18n/format.ts';
import { errorWords } from '../error-words.ts';
import { strings } from './strings.ts';
import styles from './verdict-list.module.css';
import type { Verdict } from './verdicts.ts';

/** What is wrong now, a sentence each with a way to it, or that all is well. */
export function VerdictList({ verdicts }: { verdicts: readonly Verdict[] }): VNode {
  const { state, well, wellText, look } = strings.value;
  return (
    <section class={styles['verdicts']} aria-label={state} aria-live="polite">
      {verdicts.length === 0 ? (
        <div class={`${styles['verdict']} ${styles['well']}`}>
          <Icon node={CircleCheck} />
          <p>
            <strong>{well}.</strong> {wellText}
          </p>
        </div>
      ) : (
        <ul>
          {verdicts.map((verdict) => {
            const said = sentenceOf(verdict);
            return (
              <li key={said} class={`${styles['verdict']} ${isGrave(verdict) ? styles['grave'] : ''}`}>
                <Icon node={TriangleAlert} />
                <p>{said}</p>
                <a href={placeOf(verdict)} aria-label={`${look}: ${said}`}>
                  {look}
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function isGrave({ kind }: Verdict): boolean {
  return kind === 'no_upstream' || kind === 'misconfigured' || kind === 'paused' || kind === 'failing';
}

function sentenceOf(verdict: Verdict): string {
  const words = strings.value.verdicts;
  switch (verdict.kind) {
    case 'no_upstream':
      return words.noUpstream;
    case 'misconfigured':
      return words.misconfigured(verdict.upstream, errorWords(verdict.error));
    case 'paused':
      return verdict.error === null
        ? words.pausedPlain(verdict.upstream)
        : words.paused(verdict.upstream, errorWords(verdict.error));
    case 'stuck':
      return verdict.ids.length === 1 ? words.stuckOne : words.stuck(formatNumber(verdict.ids.length));
    case 'failing':
      return words.failing(formatShare(verdict.ratio), formatNumber(verdict.failed));
    case 'no_slot':
      return words.noSlot(formatNumber(verdict.waiting), formatSeconds(verdict.seconds));
    case 'hooks_late':
      return words.hooksLate(formatNumber(verdict.pending), formatSeconds(verdict.seconds));
    case 'hooks_dead':
      return verdict.count === 1 ? words.hooksDeadOne : words.hooksDead(formatNumber(verdict.count));
  }
}

function placeOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'no_upstream':
    case 'misconfigured':
    case 'paused':
      return pagePath('operation', 'upstreams');
    case 'stuck':
      return verdict.ids.length === 1
        ? pagePath('tasks', verdict.ids[0])
        : `${pagePath('tasks')}?status=NOT_START,SUBMITTED,IN_PROGRESS`;
    case 'no_slot':
      return `${pagePath('tasks')}?status=NOT_START`;
    case 'failing':
      return `${pagePath('tasks')}?status=FAILURE&time=1h`;
    case 'hooks_late':
    case 'hooks_dead':
      return pagePath('operation', 'receivers');
  }
}
