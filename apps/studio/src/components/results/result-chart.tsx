import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Question, SqlResult } from '../../api/questions.ts';
import { Chart } from '../chart.tsx';
import { strings } from '../strings.ts';
import { chartData } from './chart-data.ts';
import { overWholeSpan, type TimeSpan } from './time-span.ts';

/** An answer as a chart. @param label what it shows, for screen readers */
export function ResultChart({
  result,
  hint,
  label,
  height,
  format,
  span = null,
}: {
  result: SqlResult;
  hint: NonNullable<Question['chart']>;
  label: string;
  height?: number;
  format?: (value: number) => string;
  /** Of a chart over time: what it covers; null: what the answer has. */
  span?: TimeSpan | null;
}): VNode {
  const words: Record<string, string> = strings.value.series;
  const data = useMemo(() => {
    const found = chartData(result, hint);
    const drawn = span === null || hint.kind !== 'time' ? found : overWholeSpan(found, span);
    return { ...drawn, series: drawn.series.map((line) => ({ ...line, label: words[line.label] ?? line.label })) };
  }, [result, hint.kind, hint.x, hint.series.join(), words, span]);
  return (
    <Chart
      label={label}
      shape={hint.kind === 'time' ? 'lines' : 'bars'}
      {...data}
      {...(height === undefined ? {} : { height })}
      {...(format === undefined ? {} : { format })}
    />
  );
}
