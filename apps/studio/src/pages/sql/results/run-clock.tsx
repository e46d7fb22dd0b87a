import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatNumber } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';

const TICK_MS = 1_000;

/** How long a query has been running. The number is not read out: only that it runs. */
export function RunClock(): VNode {
  const seconds = useSignal(0);
  useEffect(() => {
    const timer = setInterval(() => (seconds.value += 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const { running, seconds: told } = strings.value;
  return seconds.value === 0 ? (
    <>{running}</>
  ) : (
    <>
      <span class="visually-hidden">{running}</span>
      <span aria-hidden="true">{told(formatNumber(seconds.value))}</span>
    </>
  );
}
