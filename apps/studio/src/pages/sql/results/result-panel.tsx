import { useSignal } from '@preact/signals';
import { ChartLine, Database, Download, Route, Table2 } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { cellText } from '../../../components/results/cell-text.ts';
import { Tabs } from '../../../components/tabs.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import { language } from '../../../i18n/language.ts';
import { strings } from '../strings.ts';
import type { Answer } from '../workbench.ts';
import { firstChart, isDrawnFirst, type ChartHint } from './chart-choice.ts';
import { ChartPanel } from './chart-panel.tsx';
import { ResultGrid } from './result-grid.tsx';
import styles from './result-panel.module.css';
import { saveFile } from './save-file.ts';
import { csvFile, toCsv, toMarkdown } from './table-text.ts';

type View = 'table' | 'chart' | 'plan' | 'sql';

/** An answer as table, chart, text to copy and file; or the plan of a query. @param isOld another one is on its way */
export function ResultPanel({ answer, isOld }: { answer: Answer; isOld: boolean }): VNode {
  const { kind, result, question } = answer;
  const view = useSignal<View>(isDrawnFirst(result, question) ? 'chart' : 'table');
  const hint = useSignal<ChartHint | null>(firstChart(result, question));
  useEffect(() => {
    // The choice outlives a run of the same columns.
    const has = (name: string): boolean => result.columns.some((column) => column.name === name);
    const chosen = hint.value;
    const fits = chosen !== null && has(chosen.x) && chosen.series.every(has);
    if (!fits) hint.value = firstChart(result, question);
    if (view.value === 'chart' && hint.value === null) view.value = 'table';
  }, [result]);
  const texts = strings.value.results;
  const label = question?.title[language.value] ?? texts.title;
  const isPlan = kind === 'plan';
  const tabs = isPlan
    ? [
        { name: 'plan' as const, label: texts.plan, icon: Route },
        { name: 'sql' as const, label: texts.sql, icon: Database },
      ]
    : [
        { name: 'table' as const, label: texts.table, icon: Table2 },
        ...(hint.value === null ? [] : [{ name: 'chart' as const, label: texts.chart, icon: ChartLine }]),
        { name: 'sql' as const, label: texts.sql, icon: Database },
      ];
  const chosen = tabs.some(({ name }) => name === view.value) ? view.value : (tabs[0]?.name ?? 'table');
  return (
    <section class={styles['panel']} aria-label={texts.title} data-old={isOld}>
      <header class={styles['head']}>
        <p class={styles['facts']} role="status">
          {!isPlan && (
            <>
              <strong>{result.rowCount === 1 ? texts.oneRow : texts.rows(formatNumber(result.rowCount))}</strong>
              {' · '}
            </>
          )}
          {texts.took(formatNumber(result.ms))}
          {result.truncated && (
            <span class={styles['truncated']}> {texts.truncated(formatNumber(result.rowCount))}</span>
          )}
        </p>
        {!isPlan && result.rowCount > 0 && (
          <div class={styles['tools']}>
            <CopyButton label={texts.copyCsv} text={() => toCsv(result)} />
            <CopyButton label={texts.copyMarkdown} text={() => toMarkdown(result)} />
            <Button
              isSmall
              icon={Download}
              onClick={() => saveFile(csvFile(result), `${question?.name ?? 'query'}.csv`)}
            >
              {texts.download}
            </Button>
          </div>
        )}
      </header>
      <Tabs label={texts.title} tabs={tabs} chosen={chosen} onChoose={(name) => (view.value = name)}>
        <div class={styles['body']}>
          {chosen === 'sql' && <CodeBlock text={result.sql} label={texts.sql} />}
          {chosen === 'plan' && <CodeBlock text={planText(answer)} label={texts.plan} />}
          {chosen === 'chart' && <ChartPanel result={result} hint={hint} label={label} />}
          {chosen === 'table' &&
            (result.rows.length === 0 ? (
              <p class={styles['none']}>{texts.noRows}</p>
            ) : (
              <ResultGrid result={result} label={label} />
            ))}
        </div>
      </Tabs>
    </section>
  );
}

function planText({ result }: Answer): string {
  return result.rows.map((row) => cellText(row[0])).join('\n');
}
