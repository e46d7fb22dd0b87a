import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { SqlResult } from '../../../api/questions.ts';
import { CheckField, SelectField } from '../../../components/field.tsx';
import { ResultChart } from '../../../components/results/result-chart.tsx';
import { strings } from '../strings.ts';
import { chartColumns, MOST_BARS, ofKind, withSeries, type ChartHint } from './chart-choice.ts';
import styles from './result-panel.module.css';

const HEIGHT_PX = 320;

/** An answer as a chart, with what is drawn and how to choose. */
export function ChartPanel({
  result,
  hint,
  label,
}: {
  result: SqlResult;
  hint: Signal<ChartHint | null>;
  label: string;
}): VNode {
  const texts = strings.value.results;
  const chosen = hint.value;
  const drawn = useMemo(
    () => (chosen?.kind === 'bars' ? { ...result, rows: result.rows.slice(0, MOST_BARS) } : result),
    [result, chosen?.kind],
  );
  if (chosen === null) return <p class={styles['none']}>{texts.noChart}</p>;
  const { times, names, numbers } = chartColumns(result);
  const along = chosen.kind === 'time' ? times : names;
  const change = (changed: ChartHint): void => void (hint.value = changed);
  return (
    <>
      <div class={styles['choices']}>
        <SelectField
          label={texts.kind}
          value={chosen.kind}
          options={[
            ...(times.length > 0 ? [{ value: 'time' as const, label: texts.time }] : []),
            { value: 'bars' as const, label: texts.bars },
          ]}
          onChange={(kind) => change(ofKind(chosen, kind, result))}
        />
        <SelectField
          label={texts.x}
          value={chosen.x}
          options={along.map((name) => ({ value: name, label: name }))}
          onChange={(x) => change({ ...chosen, x, series: chosen.series.filter((name) => name !== x) })}
        />
        <fieldset class={styles['series']}>
          <legend>{texts.series}</legend>
          {numbers
            .filter((name) => name !== chosen.x)
            .map((name) => (
              <CheckField
                key={name}
                label={name.replaceAll('_', ' ')}
                isChecked={chosen.series.includes(name)}
                onChange={(isChecked) => change(withSeries(chosen, name, isChecked))}
              />
            ))}
        </fieldset>
      </div>
      {chosen.series.length > 0 && <ResultChart result={drawn} hint={chosen} label={label} height={HEIGHT_PX} />}
    </>
  );
}
