import type { VNode } from 'preact';
import { formatNumber } from '../../../i18n/format.ts';
import styles from './bar-list.module.css';
import { strings } from './strings.ts';

/** A bar of a list: a name, how much, and what is said of it. */
export interface Bar {
  name: string;
  value: number;
  /** The value as it is written. */
  text: string;
  note?: string;
}

const MOST_SHOWN = 10;

/** Amounts by name as bars that lie, the largest first. @param colour CSS custom property, such as `--chart-2` */
export function BarList({ bars, colour }: { bars: readonly Bar[]; colour: string }): VNode {
  const sorted = [...bars].sort((one, other) => other.value - one.value);
  const most = Math.max(1e-9, ...sorted.map(({ value }) => value));
  const hidden = sorted.length - MOST_SHOWN;
  return (
    <>
      <ul class={styles['bars']}>
        {sorted.slice(0, MOST_SHOWN).map(({ name, value, text, note }) => (
          <li key={name}>
            <span class={styles['name']} title={note}>
              {name}
            </span>
            <span class={styles['value']}>{text}</span>
            <span class={styles['track']} aria-hidden="true">
              <span style={{ width: `${Math.max(0, value / most) * 100}%`, background: `var(${colour})` }} />
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class={styles['more']}>{strings.value.others(formatNumber(hidden))}</p>}
    </>
  );
}
