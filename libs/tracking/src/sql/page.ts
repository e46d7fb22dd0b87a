import type { Statement } from '#libs/database';
import { shownColumns } from '../shown-task.js';
import { QUEUE_PLACES, QUEUE_POSITION } from './queue-class.js';
import { SHOWN } from './read.js';

/**
 * One page of a key's tasks, newest first, along the index task_of_key. submitted_us is submitted_at in whole
 * microseconds: a Date would lose the last three digits, and with them tasks of the same millisecond.
 *
 * $1 key · $2 submitted_us and $3 id of the last task of the page before (null and the largest id: from the newest) ·
 * $4 status, $5 action, $6 mode, $7 state, null: any · $8 most
 */
export const LIST_OWN: Statement = {
  name: 'task_list_own',
  pool: 'http',
  text: `select ${shownColumns('t')}, ${QUEUE_POSITION}, (extract(epoch from t.submitted_at) * 1000000)::bigint as "submittedUs"
    from task t
    where t.api_key_id = $1 and ${SHOWN}
      and (t.submitted_at, t.id) < (coalesce('epoch'::timestamptz + $2::bigint * interval '1 microsecond', 'infinity'), $3::bigint)
      and ($4::text is null or t.status = $4) and ($5::text is null or t.action = $5)
      and ($6::text is null or t.mode = $6) and ($7::text is null or t.state = $7)
    order by t.submitted_at desc, t.id desc limit $8`,
};

/**
 * A key's unfinished tasks, oldest first, along the index task_unfinished: $1 key · $2 most. The places of those that wait
 * are counted once for all of them.
 */
export const QUEUE_OWN: Statement = {
  name: 'task_queue_own',
  pool: 'http',
  text: `
    with place as (
      ${QUEUE_PLACES})
    select ${shownColumns('t')}, place.position as "queuePosition" from task t left join place using (id)
    where t.api_key_id = $1 and t.finished_at is null and ${SHOWN}
    order by t.submitted_at, t.id limit $2`,
};
