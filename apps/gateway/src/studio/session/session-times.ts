const DAY_MS = 86_400_000;

/** Longest life of a session, ms. */
export const MAX_AGE_MS = 30 * DAY_MS;
/** A session that is not used for so long ends, ms. */
export const IDLE_MS = 7 * DAY_MS;
/** How long a ticket can be used, ms. */
export const TICKET_MS = 600_000;
