import type { Statement } from '#libs/database';

/** Free slots of upstreams ($1 ids); nothing where no task waits to be sent now. */
export const FREE_SLOTS_OF_UPSTREAMS: Statement = {
  name: 'task_waiting_rooms',
  pool: 'work',
  text: `select upstream_id as id, running, max_concurrent from upstream_load
    where upstream_id = any($1::bigint[]) and running < max_concurrent
      and exists (select from task where waiting and (wait_until is null or wait_until <= now()))`,
};
