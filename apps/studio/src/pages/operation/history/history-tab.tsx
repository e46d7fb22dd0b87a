import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { readNames } from '../../../api/named-rows.ts';
import { recordsOf, type Parameters, type Question, type SqlResult } from '../../../api/questions.ts';
import { useResource } from '../../../api/resource.ts';
import { pagePath } from '../../../app/pages.ts';
import { cellText } from '../../../components/results/cell-text.ts';
import { QuestionPanel } from '../../../components/results/question-panel.tsx';
import { ResultChart } from '../../../components/results/result-chart.tsx';
import type { TimeSpan } from '../../../components/results/time-span.ts';
import { strings as common } from '../../../components/strings.ts';
import { failureWord } from '../../../components/words.ts';
import { formatCredits, formatNumber } from '../../../i18n/format.ts';
import pageStyles from '../operation-page.module.css';
import { BarList } from './bar-list.tsx';
import styles from './bar-list.module.css';
import { HistoryBar } from './history-bar.tsx';
import { historyFiltersOf, placeOf, queryOfHistory, spanOf, type HistoryFilters } from './history-filters.ts';
import { strings as page } from '../strings.ts';
import { strings } from './strings.ts';

const EVERY_MS = 60_000;
const HEIGHT_PX = 200;

/** What happened over a time, as charts; the address says which time, key and upstream. */
export function HistoryTab(): VNode {
  const texts = strings.value;
  const { url, route } = useLocation();
  const filters = historyFiltersOf(new URL(url, location.origin).searchParams);
  const [names] = useResource('names', readNames);
  const { keys, upstreams } = names.value.value ?? { keys: [], upstreams: [] };
  const show = (changed: Partial<HistoryFilters>): void =>
    route(`${pagePath('operation', 'history')}${queryOfHistory({ ...filters, ...changed })}`);

  const asked = (name: string, taken: readonly ('key' | 'upstream')[]): Asked => ({
    name,
    reads: queryOfHistory(filters),
    parameters: () => ({ ...spanOf(filters, Date.now()), ...placeOf(filters, taken) }),
    everyMs: EVERY_MS,
  });
  const both = ['key', 'upstream'] as const;
  return (
    <div class={pageStyles['tab']}>
      <h2 class="visually-hidden">{page.value.parts.history}</h2>
      <HistoryBar filters={filters} keys={keys} upstreams={upstreams} onChange={show} />
      <QuestionPanel {...asked('throughput', both)} title={texts.throughput} />
      <div class={pageStyles['grid']}>
        <QuestionPanel {...asked('waits', both)} title={texts.queue}>
          {part(texts.queue, ['queue_p50_seconds', 'queue_p95_seconds'])}
        </QuestionPanel>
        <QuestionPanel {...asked('waits', both)} title={texts.run}>
          {part(texts.run, ['run_p50_seconds', 'run_p95_seconds'])}
        </QuestionPanel>
        <QuestionPanel {...asked('spend', both)} title={texts.spend} format={formatCredits} />
        <QuestionPanel {...asked('failures_by_reason', both)} title={texts.failures}>
          {failures}
        </QuestionPanel>
        <QuestionPanel {...asked('spend_by_key', [])} title={texts.spenders}>
          {spenders}
        </QuestionPanel>
        <QuestionPanel {...asked('hooks_by_day', ['key'])} title={texts.hooks} />
      </div>
    </div>
  );
}

interface Asked {
  name: string;
  reads: string;
  parameters: () => Parameters;
  everyMs: number;
}

type Answer = [result: SqlResult, question: Question, span: TimeSpan | null];

/** Some of the lines of an answer. */
function part(label: string, series: readonly string[]): (...answer: Answer) => VNode {
  return (result, { chart }, span) =>
    chart === null || result.rows.length === 0 ? (
      <p class={styles['empty']}>{common.value.nothingYet}</p>
    ) : (
      <ResultChart
        result={result}
        hint={{ ...chart, series: [...series] }}
        label={label}
        height={HEIGHT_PX}
        span={span}
      />
    );
}

function failures(result: SqlResult): VNode {
  const bars = recordsOf(result).map((row) => ({
    name: failureWord(cellText(row['fail_code'], '–')),
    value: Number(row['failures']),
    text: formatNumber(Number(row['failures'])),
    note: strings.value.failureNote(formatNumber(Number(row['keys']))),
  }));
  if (bars.length === 0) return <p class={styles['empty']}>{strings.value.noFailures}</p>;
  return <BarList bars={bars} colour="--chart-2" />;
}

function spenders(result: SqlResult): VNode {
  const bars = recordsOf(result).map((row) => ({
    name: cellText(row['api_key'], '–'),
    value: Number(row['spend']),
    text: formatCredits(cellText(row['spend'], '0')),
  }));
  if (bars.length === 0) return <p class={styles['empty']}>{common.value.nothingYet}</p>;
  return <BarList bars={bars} colour="--chart-3" />;
}
