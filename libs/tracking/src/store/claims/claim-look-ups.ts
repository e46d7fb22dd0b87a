import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/** Claims submits with an unknown outcome: the lease is written to look_up_at. */
export const CLAIM_LOOK_UPS = statement<{ limit: number; leaseMs: number }, EntityRow<Task>>({
  name: 'task_claim_look_ups',
  pool: 'work',
  text: `
    with due as (
      select id from task where look_up_at <= now() order by look_up_at limit :limit for update skip locked)
    update task t set look_up_at = now() + :leaseMs::integer * interval '1 ms'
    from due where t.id = due.id returning t.*`,
});

/** Due probe: whether CLAIM_LOOK_UPS would find a row. */
export const LOOK_UPS_DUE = 'exists (select from task where look_up_at <= now())';
