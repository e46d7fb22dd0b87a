import type { Statement } from '#libs/database';

/** Forgets Idempotency-Keys and their answers: $1 how long they are kept, ms · $2 most. */
export const FORGET_KEYS: Statement = {
  name: 'task_forget_keys',
  pool: 'work',
  text: `
    with old as (
      select id from task where idem_key is not null and submitted_at < now() - $1::bigint * interval '1 ms'
      order by submitted_at limit $2 for no key update skip locked)
    update task t set idem_key = null, idem_route = null, idem_print = null, answer = null
    from old where t.id = old.id returning t.id`,
};
