import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatAge, formatTime } from '../../../i18n/format.ts';

const TICK_MS = 5_000;
const clock = signal(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** Keeps one clock going for all times that are shown, and only while there are any. */
function useClock(): number {
  useEffect(() => {
    watchers += 1;
    timer ??= setInterval(() => (clock.value = Date.now()), TICK_MS);
    return () => {
      watchers -= 1;
      if (watchers > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return clock.value;
}

/** How long ago something was, going on by itself; the exact time is told when it is pointed at. */
export function RelativeTime({ at }: { at: string }): VNode {
  const now = useClock();
  return (
    <time dateTime={at} title={formatTime(at)}>
      {formatAge(at, Math.max(now, Date.now()))}
    </time>
  );
}
