import type { VNode } from 'preact';
import { formatCredits, formatNumber, formatSeconds, formatTime } from '../../../i18n/format.ts';
import { locale } from '../../../i18n/language.ts';
import { failureWord } from '../../../components/words.ts';
import type { Dossier, TimelineLine } from './dossier.ts';
import { strings } from './event-strings.ts';
import { SpanBar } from './span-bar.tsx';
import { TaskQuestion } from './task-question.tsx';
import { detailParts, timelineRows, type TimelineRow } from './timeline-rows.ts';
import styles from './timeline-tab.module.css';

const GOOD: ReadonlySet<string> = new Set(['succeeded', 'accepted', 'found', 'confirmed', 'late_success']);
const BAD: ReadonlySet<string> = new Set(['failed', 'refused', 'denied', 'unknown', 'unsaved', 'window_expired']);

/** What happened to a task, oldest first, with who did it and the gaps between. */
export function TimelineTab({ dossier }: { dossier: Dossier }): VNode {
  const { timeline: texts } = strings.value;
  return (
    <div class={styles['tab']}>
      <SpanBar dossier={dossier} />
      <ol class={styles['events']}>
        {timelineRows(dossier.timeline).map((row) => (
          <EventRow key={`${row.first.version} ${row.first.kind} ${row.first.at}`} row={row} />
        ))}
      </ol>
      <div class={styles['foot']}>
        {dossier.task.finishedAt === null && <p class="soft">{texts.live}</p>}
        <TaskQuestion of={texts.sql} name="task_timeline" id={dossier.task.id} />
      </div>
    </div>
  );
}

function EventRow({ row }: { row: TimelineRow }): VNode {
  const { timeline: texts } = strings.value;
  const { first, last, gap } = row;
  const tone = GOOD.has(last.kind) ? styles['good'] : BAD.has(last.kind) ? styles['bad'] : '';
  const by: Record<string, string> = texts.by;
  const details = detailParts(last.detail, texts.detail, (name, text) =>
    name === 'failCode' ? failureWord(text) : name === 'amount' ? formatCredits(text) : text,
  );
  return (
    <li class={`${styles['event']} ${tone}`}>
      <time class="numeric" dateTime={first.at} title={formatTime(first.at)}>
        {clockTime(first.at)}
      </time>
      <div class={styles['what']}>
        <p>
          <strong>{whatOf(row)}</strong> <span class="soft">{by[last.source] ?? last.source}</span>
        </p>
        {details.length > 0 && (
          <ul class={styles['details']}>
            {details.map((part) => (
              <li key={part}>{part}</li>
            ))}
          </ul>
        )}
      </div>
      <span class={`numeric soft ${styles['gap']}`}>{gap === null ? '' : texts.gap(formatSeconds(gap))}</span>
    </li>
  );
}

function whatOf({ first, last, count }: TimelineRow): string {
  const { timeline: texts } = strings.value;
  if (last.kind === 'progress') {
    return count === 1
      ? texts.progressOne(formatNumber(last.progress))
      : texts.progress(formatNumber(first.progress), formatNumber(last.progress), formatNumber(count));
  }
  return kindWord(last);
}

function kindWord({ kind }: TimelineLine): string {
  const kinds: Record<string, string> = strings.value.timeline.kinds;
  return kinds[kind] ?? kind;
}

/** Time of day to the millisecond: events of a task are often less than a second apart. */
function clockTime(at: string): string {
  return new Date(at).toLocaleTimeString(locale(), {
    hour12: false,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
}
