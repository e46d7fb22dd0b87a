import { signal } from '@preact/signals';
import { call, type Schemas } from '../api/client.ts';

/** How long work of one action takes in one mode at present. */
export type WorkPace = Pick<Schemas['WorkPaceDto'], 'action' | 'mode' | 'queueSeconds' | 'runSeconds'>;

/** The gateway's answer is up to a minute old: asking more often tells nothing new. */
const READ_EVERY_MS = 60_000;
/** Between two looks at the clock, ms. */
const TICK_MS = 5_000;

/** What is known of every action and mode; empty until it is read. */
export const workPaces = signal<readonly WorkPace[]>([]);

/** The time that times left are told by, ms since the epoch; it goes on while something is watched. */
export const paceClock = signal(Date.now());

let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;
let readAt = Number.NEGATIVE_INFINITY;

/** Reads the pace of work once a minute for as long as anybody shows a task that is under way. @returns ends it */
export function watchPace(): () => void {
  let isOver = false;
  watchers += 1;
  if (watchers === 1) {
    tick();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    if (isOver) return;
    isOver = true;
    watchers -= 1;
    if (watchers === 0) clearInterval(timer);
  };
}

function tick(): void {
  if (document.hidden) return;
  const now = Date.now();
  paceClock.value = now;
  if (now - readAt < READ_EVERY_MS) return;
  readAt = now;
  void read();
}

async function read(): Promise<void> {
  try {
    const { items } = await call<Schemas['TaskPaceDto']>('GET', '/mj/task/pace');
    workPaces.value = items;
  } catch {
    // What is known stays, and the next minute asks again: a time left is an extra.
  }
}
