import type { ApiQueryOptions } from '@nestjs/swagger';
import { LONGEST_WAIT_S, parseWaitSeconds } from '../http/headers/prefer.js';
import { MjError } from '../http/errors/mj-error.js';

/** What GET /mj/task/{id}/fetch can be asked for. */
export const WAIT_QUERY: ApiQueryOptions = {
  name: 'wait',
  required: false,
  description: 'Seconds to wait for a change; goes before `Prefer: wait`.',
  schema: { type: 'integer', minimum: 1, maximum: LONGEST_WAIT_S, example: 30 },
};

/** The wait of a query, s; null where there is none. @throws MjError for anything but 1..60 */
export function readWait({ wait }: Readonly<Record<string, unknown>>): number | null {
  if (wait === undefined) return null;
  const seconds = typeof wait === 'string' ? parseWaitSeconds(wait) : null;
  if (seconds === null) throw new MjError('bind_request_body_failed', { properties: { field: 'wait' } });
  return seconds;
}
