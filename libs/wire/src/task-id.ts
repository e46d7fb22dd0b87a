const DAY_MS = 86_400_000;
/** Distance between two days' ids; above 2^38, so the random part never runs into the next day. */
const IDS_PER_DAY = 300_000_000_000;
const RANDOM_BITS = 38;

/**
 * A new task id: 16 decimal digits below 2^53 (clients send it as a JSON number), sorted by day, 38 random bits
 * within it. Uniqueness is the primary key's: a caller draws again on conflict.
 * @param random a whole number of at least 38 random bits, e.g. from six random bytes
 */
export function newTaskId(now: Date, random: number): string {
  const day = Math.floor(now.getTime() / DAY_MS);
  return String(day * IDS_PER_DAY + (random % 2 ** RANDOM_BITS));
}

/** Reads an id as clients send it, string or number: 16 digits, else null. */
export function parseTaskId(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{15}$/.test(text.trim()) ? text.trim() : null;
}
