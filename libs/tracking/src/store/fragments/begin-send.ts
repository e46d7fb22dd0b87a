import { FIRST_LOOK_UP_MS } from '../../task/send-times.js';

/** When a send that begins now is over at the latest; `ms` is SQL of its longest time, ms. */
export function sendDeadline(ms: string): string {
  return `now() + ${ms}::integer * interval '1 ms'`;
}

/** When it is first looked up what became of a send that begins now and whose answer never comes. */
export function firstLookUp(ms: string): string {
  return `${sendDeadline(ms)} + interval '${FIRST_LOOK_UP_MS} ms'`;
}
