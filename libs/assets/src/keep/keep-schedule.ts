const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Back-off after the first failures, ms; after these an hour. */
const DELAYS = [2 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE] as const;
const GIVE_UP_AFTER_MS = 24 * HOUR;
/** An asset is not given up before so many fetches, because the gateway itself may have been down for a day. */
const MIN_ATTEMPTS = 6;
const JITTER = 0.2;

export type NextAttempt = { kind: 'retry'; delayMs: number } | { kind: 'lost' };

/**
 * When a picture is fetched again after a failure: 2 s, 10 s, 1 min, 5 min, 30 min, then hourly, ±20 %; lost after a day.
 * The step follows from the age and not from the number of fetches, because fetches for a GET count as attempts too.
 * @param asset its age in ms and the fetches begun, the failed one included
 * @param random 0 ≤ x < 1
 */
export function nextAttempt(asset: { ageMs: number; attempts: number }, random: () => number): NextAttempt {
  if (asset.ageMs >= GIVE_UP_AFTER_MS && asset.attempts >= MIN_ATTEMPTS) return { kind: 'lost' };
  let elapsed = 0;
  for (const delay of DELAYS) {
    elapsed += delay;
    if (asset.ageMs < elapsed) return { kind: 'retry', delayMs: jittered(delay, random) };
  }
  return { kind: 'retry', delayMs: jittered(HOUR, random) };
}

function jittered(delayMs: number, random: () => number): number {
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()));
}
