import { createHash } from 'node:crypto';
import type { Task } from '#libs/tracking';

/**
 * Strong ETag of a task object: two with the same one are the same bytes. Links depend on the address the client used,
 * and its place in the queue changes without a version.
 */
export function etagOf(
  { id, version, queuePosition }: Pick<Task, 'id' | 'version' | 'queuePosition'>,
  base: string,
): string {
  const print = createHash('sha256').update(JSON.stringify([id, version, queuePosition, base]));
  return `"${print.digest('base64url').slice(0, 22)}"`;
}

/** Whether an If-None-Match names this ETag: `*`, or a list in which proxies may have weakened it. */
export function isNamedBy(ifNoneMatch: string | undefined, etag: string): boolean {
  const names = ifNoneMatch?.split(',').map((name) => name.trim().replace(/^W\//, '')) ?? [];
  return names.includes(etag) || names.includes('*');
}
