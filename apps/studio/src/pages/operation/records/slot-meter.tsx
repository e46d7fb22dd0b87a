import type { VNode } from 'preact';
import { formatNumber } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import styles from './slot-meter.module.css';

/** How many slots of an upstream are taken, as number and bar. */
export function SlotMeter({ running, slots }: { running: number; slots: number }): VNode {
  const share = slots === 0 ? 0 : Math.min(1, running / slots);
  return (
    <span class={styles['meter']}>
      <span class={styles['text']}>{strings.value.slots(formatNumber(running), formatNumber(slots))}</span>
      <span class={styles['track']} aria-hidden="true">
        <span class={share === 1 ? styles['full'] : styles['bar']} style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}
