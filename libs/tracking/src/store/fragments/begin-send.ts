import { FIRST_LOOK_UP_MS } from '../../task/send-times.js';

/** SQL of the deadline of a send that begins now; `ms` is SQL of the longest send, ms. */
export function sendDeadline(ms: string): string {
  return `now() + ${ms}::integer * interval '1 ms'`;
}

/** SQL of the first look-up of a send that begins now, in case its answer never comes. */
export function firstLookUp(ms: string): string {
  return `${sendDeadline(ms)} + interval '${FIRST_LOOK_UP_MS} ms'`;
}
