import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { jsonPieces, PictureText } from '#libs/upstream';
import type { TaskMode } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';

/** The identity of a request that may be repeated: its Idempotency-Key and a digest of its content. */
export interface Idempotency {
  /** Path without its mode prefix. */
  route: string;
  key: string;
  /** SHA-256 of the parsed body and the mode, hex. */
  print: string;
}

const MAX_CHARS = 255;

/**
 * The Idempotency-Key of a request, quoted or bare; null when it has none.
 * @throws MjError `idempotency_key_is_invalid` when it is empty or longer than 255 characters
 */
export function readIdempotency(
  headers: IncomingHttpHeaders,
  route: string,
  body: object,
  mode: TaskMode,
): Idempotency | null {
  const given = headers['idempotency-key'];
  if (given === undefined) return null;
  const text = Array.isArray(given) ? given.join(',') : given;
  const key = /^"(.*)"$/.exec(text.trim())?.[1] ?? text.trim();
  if (key === '' || key.length > MAX_CHARS) throw new MjError('idempotency_key_is_invalid');
  const hash = createHash('sha256');
  for (const piece of jsonPieces([canonical(body), mode])) hash.update(piece);
  return { route, key, print: hash.digest('hex') };
}

/** A value that does not depend on the order of fields. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null || value instanceof PictureText) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, canonical(inner)]);
}
