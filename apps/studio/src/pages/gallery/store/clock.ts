import { signal } from '@preact/signals';

const SLOW_MS = 20_000;

/** The time as ages on the page are told by; it goes on while `startClock` runs. ms since the epoch */
export const now = signal(Date.now());

/** @returns stops the clock */
export function startClock(): () => void {
  now.value = Date.now();
  const timer = setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, SLOW_MS);
  return () => clearInterval(timer);
}
