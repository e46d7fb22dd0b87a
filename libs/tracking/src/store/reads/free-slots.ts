import { statement } from '#libs/database';

/** Reads the free slots of upstreams; no rows if no task waits to be sent now. */
export const FREE_SLOTS_OF_UPSTREAMS = statement<
  { upstreamIds: readonly string[] },
  { id: string; running: number; max_concurrent: number }
>({
  name: 'task_waiting_rooms',
  pool: 'work',
  text: `select upstream_id as id, running, max_concurrent from upstream_load
    where upstream_id = any(:upstreamIds::bigint[]) and running < max_concurrent
      and exists (select from task where waiting and (wait_until is null or wait_until <= now()))`,
});
