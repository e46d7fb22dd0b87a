import type { IncomingHttpHeaders } from 'node:http';

/** Longest wait that a client may ask for, s. */
export const LONGEST_WAIT_S = 60;

/** Seconds 1..60 as text; null for anything else. */
export function parseWaitSeconds(text: string): number | null {
  return /^[1-9]\d?$/.test(text) && Number(text) <= LONGEST_WAIT_S ? Number(text) : null;
}

/**
 * N of `Prefer: wait=N` (RFC 7240); null where it is absent, malformed, or not 1..60: a preference that cannot be met is
 * ignored. Of several waits the first counts.
 */
export function preferredWait(headers: IncomingHttpHeaders): number | null {
  const preferences = [headers['prefer'] ?? []].flat().join(',').split(',');
  const [wait] = preferences
    .map((preference) => /^\s*wait\s*=\s*("?)([^"\s;]*)\1\s*(?:;|$)/i.exec(preference)?.[2])
    .filter((value) => value !== undefined);
  return wait === undefined ? null : parseWaitSeconds(wait);
}
