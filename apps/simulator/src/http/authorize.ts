import { timingSafeEqual } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';

/** Whether a request shows the secret: as `mj-api-secret`, or as `Authorization` with or without `Bearer`. */
export function isAuthorized(headers: IncomingHttpHeaders, secret: string | null): boolean {
  if (secret === null) return true;
  const shown = [headers['mj-api-secret'], headers.authorization, headers.authorization?.replace(/^Bearer\s+/i, '')];
  return shown.some((value) => typeof value === 'string' && isSame(value, secret));
}

/** Whether a shown secret is the real one, compared in a time that does not tell how much of it is right. */
export function isSame(shown: string, secret: string): boolean {
  const [one, other] = [Buffer.from(shown), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
