/** What the HTTP layer got: a status, and a body of limited length as UTF-8 without a byte order mark. */
export interface HttpAnswer {
  status: number;
  body: Buffer;
  /** What the body says as JSON, where whoever read it has parsed it; undefined inside: it is none. */
  json?: { value: unknown } | null;
  /** Where it leads, absolute, without query and fragment; null, or left out, where it leads nowhere. */
  redirectsTo?: string | null;
  /** When it wants to be asked again, ms from now; null, or left out, where it does not say. */
  retryAfterMs?: number | null;
}
