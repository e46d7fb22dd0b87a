import type { ComponentChildren, VNode } from 'preact';
import { useResource } from '../../api/resource.ts';
import { readQuestion, runQuestion, type Parameters, type Question, type SqlResult } from '../../api/questions.ts';
import { language } from '../../i18n/language.ts';
import { ShowSql } from '../show-sql.tsx';
import { FailedState, Skeleton } from '../states.tsx';
import { strings } from '../strings.ts';
import styles from './question-panel.module.css';
import { ResultChart } from './result-chart.tsx';
import { ResultTable } from './result-table.tsx';
import { timeSpanOf, type TimeSpan } from './time-span.ts';

const HEIGHT_PX = 200;

/**
 * A question of the catalogue, asked now and again every `everyMs`: its title, "Show SQL", and the answer as chart or table, or
 * as `children` draws it.
 */
export function QuestionPanel({
  name,
  parameters: given = {},
  reads,
  everyMs,
  title,
  format,
  children,
}: {
  name: string;
  /** A function is called each time the question is asked, as for a time that is counted back from now. */
  parameters?: Parameters | (() => Parameters);
  /** With a function: what it stands for, so that the question is asked anew when that changes. */
  reads?: string;
  everyMs?: number;
  /** Instead of the question's own. */
  title?: string;
  format?: (value: number) => string;
  children?: (result: SqlResult, question: Question, span: TimeSpan | null) => ComponentChildren;
}): VNode {
  const key = `${name} ${reads ?? JSON.stringify(given)}`;
  const [asked, again] = useResource(
    key,
    async (signal) => {
      const parameters = typeof given === 'function' ? given() : given;
      const question = await readQuestion(name);
      const result = await runQuestion(name, parameters, signal);
      return { question, parameters, result, span: timeSpanOf(parameters, Date.now()) };
    },
    everyMs === undefined ? {} : { everyMs },
  );
  const { value, failure } = asked.value;
  const shown = title ?? value?.question.title[language.value] ?? '';
  return (
    <section class={styles['panel']} aria-label={shown === '' ? undefined : shown}>
      <header class={styles['head']}>
        <h3>{shown}</h3>
        {value !== null && <ShowSql of={shown} sql={value.result.sql} question={name} parameters={value.parameters} />}
      </header>
      {value === null && failure === null && <Skeleton height={`${HEIGHT_PX}px`} />}
      {value === null && failure !== null && <FailedState failure={failure} onRetry={again} />}
      {value !== null &&
        (children === undefined ? (
          <Answer {...value} label={shown} format={format} />
        ) : (
          children(value.result, value.question, value.span)
        ))}
    </section>
  );
}

function Answer({
  question,
  result,
  span,
  label,
  format,
}: {
  question: Question;
  result: SqlResult;
  span: TimeSpan | null;
  label: string;
  format: ((value: number) => string) | undefined;
}): VNode {
  if (result.rows.length === 0) return <p class={styles['empty']}>{strings.value.nothingYet}</p>;
  return question.chart === null ? (
    <ResultTable result={result} label={label} />
  ) : (
    <ResultChart
      result={result}
      hint={question.chart}
      label={label}
      height={HEIGHT_PX}
      span={span}
      {...(format === undefined ? {} : { format })}
    />
  );
}
