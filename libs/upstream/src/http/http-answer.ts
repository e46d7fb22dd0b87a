/** An HTTP answer: its status, and its body of limited length as UTF-8 without a byte order mark. */
export interface HttpAnswer {
  status: number;
  body: Buffer;
  /** The parsed body, undefined where the body is no JSON; null, or left out, where nobody has parsed it yet. */
  json?: { value: unknown } | null;
  /** The absolute target of a redirect, without query and fragment; null, or left out: none. */
  redirectsTo?: string | null;
  /** Its Retry-After, ms from now; null, or left out: none. */
  retryAfterMs?: number | null;
}
