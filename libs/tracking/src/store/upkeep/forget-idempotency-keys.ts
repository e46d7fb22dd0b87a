import { statement } from '#libs/database';

/** Deletes Idempotency-Keys and the replies stored under them after `keptMs`. */
export const FORGET_KEYS = statement<{ keptMs: number; limit: number }, { id: string }>({
  name: 'task_forget_keys',
  pool: 'work',
  text: `
    with old as (
      select id from task where idem_key is not null and submitted_at < now() - :keptMs::bigint * interval '1 ms'
      order by submitted_at limit :limit for no key update skip locked)
    update task t set idem_key = null, idem_route = null, idem_print = null, answer = null
    from old where t.id = old.id returning t.id`,
});
