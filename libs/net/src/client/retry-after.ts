/** Longest silence that is granted, ms. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** IMF-fixdate, RFC 850 and asctime (RFC 9110, 5.6.7); `Date.parse` alone would take far more than dates. */
const HTTP_DATE = /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? [ \dA-Za-z:-]{18,24}$/;

/**
 * How long a receiver asks not to be called (RFC 9110, 10.2.3): seconds, or a date.
 * @returns ms from `now`, 0 to one hour; null when the header is missing or unreadable
 */
export function retryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : HTTP_DATE.test(text)
      ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) - now.getTime()
      : Number.NaN;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
