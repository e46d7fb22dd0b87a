import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import { LONGEST_WAIT_S, parseWaitSeconds } from '../http/prefer.js';
import { MjError } from '../http/mj-error.js';

/** What GET /mj/task/{id}/fetch can be asked for. */
export class TaskFetchQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: LONGEST_WAIT_S,
    description: 'Seconds to wait for a change; goes before `Prefer: wait`.',
    example: 30,
  })
  @Allow()
  wait?: unknown;
}

/** The wait of a query, s; null where there is none. @throws MjError for anything but 1..60 */
export function readWait({ wait }: TaskFetchQuery): number | null {
  if (wait === undefined) return null;
  const seconds = typeof wait === 'string' ? parseWaitSeconds(wait) : null;
  if (seconds === null) throw new MjError('bind_request_body_failed', { properties: { field: 'wait' } });
  return seconds;
}
