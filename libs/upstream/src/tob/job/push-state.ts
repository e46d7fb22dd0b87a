import { parseHttpUrl } from '#libs/net';

/** The path of the gateway's push addresses, with the id of a task. */
const OURS = /\/mj\/notify\/([1-9]\d{15})-[^/]+$/;

/** The correlation id of the push address that a vendor echoes; null where it is none of the gateway's. */
export function stateOfPushUrl(value: unknown): string | null {
  const url = typeof value === 'string' && value.length <= 2_048 ? parseHttpUrl(value) : null;
  const [, taskId] = (url === null ? null : OURS.exec(url.pathname)) ?? [];
  return taskId === undefined ? null : `jm:${taskId}`;
}
