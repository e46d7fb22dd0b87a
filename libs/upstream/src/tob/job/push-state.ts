import { parseHttpUrl } from '#libs/net';

/** The path of the gateway's push addresses, with the id of a task. */
const OURS = /\/mj\/notify\/([1-9]\d{15})-[^/]+$/;

/** What stands for the correlation id of a job whose push address is somebody else's. */
const NOT_OURS = 'not-ours';

/**
 * The correlation id of the push address that a vendor echoes; null where there is none. A job with another address was sent
 * by somebody else with the same account, so its text proves nothing.
 */
export function stateOfPushUrl(value: unknown): string | null {
  const url = typeof value === 'string' && value.length <= 2_048 ? parseHttpUrl(value) : null;
  if (url === null) return null;
  const [, taskId] = OURS.exec(url.pathname) ?? [];
  return taskId === undefined ? NOT_OURS : `jm:${taskId}`;
}
