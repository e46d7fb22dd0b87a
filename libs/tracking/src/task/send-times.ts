/**
 * Delay of the first look-up of an unknown outcome, ms after the send: an upstream that did accept needs a moment to
 * list the task.
 */
export const FIRST_LOOK_UP_MS = 2_000;
