import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Question, SqlResult } from '../../api/questions.ts';
import { Chart } from '../chart.tsx';
import { chartData } from './chart-data.ts';

/** An answer as a chart. @param label what it shows, for screen readers */
export function ResultChart({
  result,
  hint,
  label,
  height,
  format,
}: {
  result: SqlResult;
  hint: NonNullable<Question['chart']>;
  label: string;
  height?: number;
  format?: (value: number) => string;
}): VNode {
  const data = useMemo(() => chartData(result, hint), [result, hint]);
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
