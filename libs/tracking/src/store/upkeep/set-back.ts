import { isAhead, putPast, putRight, SET_BACK_BY, statement } from '#libs/database';

/**
 * Corrects the times of scheduled polls after the clock was set back, `limit` rows at once, in order of id after
 * `afterId`. Rows that others have locked are skipped: their holders are about to write them anew.
 */
export const SET_BACK_POLLS = statement<{ byMs: number; afterId: string; limit: number }, { id: string }>({
  name: 'task_set_back_polls',
  pool: 'work',
  text: `
    with ahead as materialized (
      select task_id from task_poll where ${isAhead('due_at')}
    ), late as materialized (
      select task_id from task_poll
      where task_id = any(array(select task_id from ahead where task_id > :afterId::bigint order by task_id limit :limit))
      order by task_id for no key update skip locked)
    update task_poll set ${putRight('due_at')} where task_id = any(array(select task_id from late)) returning task_id as id`,
});

/** Times of an unfinished task that must lie in the past. `started_at` must not lie before the submit. */
const PAST = ['confirmed_at', 'cancel_asked_at', 'sent_at', 'last_no_at', 'polled_at', 'hinted_at', 'missing_since'];
const DUE = ['wait_until', 'look_up_at', 'next_poll_at'];
/**
 * Deadlines: a deadline that was set by the old clock moves with it; a deadline of a send that began long before moves
 * later by as much.
 */
const ENDS = ['send_deadline', 'deadline_at']
  .map((name) => `${name} = case when submitted_at > now() then ${name} - ${SET_BACK_BY} else ${name} end`)
  .join(', ');
const SUBMITTED = `case when submitted_at > now() then submitted_at - ${SET_BACK_BY} else submitted_at end`;

/** Corrects every other time of unfinished tasks, due times and begin times, in batches by id. */
export const SET_BACK_TASKS = statement<{ byMs: number; afterId: string; limit: number }, { id: string }>({
  name: 'task_set_back',
  pool: 'work',
  text: `
    with ahead as materialized (
      select id from task where finished_at is null and (
        ${[...DUE.map(isAhead), ...['submitted_at', 'started_at', ...PAST].map((name) => `${name} > now()`)].join(' or ')})
    ), late as materialized (
      select id from task where id = any(array(select id from ahead where id > :afterId::bigint order by id limit :limit))
        and finished_at is null
      order by id for no key update skip locked)
    update task set submitted_at = ${SUBMITTED},
      started_at = case when started_at > now() then greatest(started_at - ${SET_BACK_BY}, ${SUBMITTED}) else started_at end,
      ${putPast(...PAST)}, ${putRight(...DUE)}, ${ENDS}
    where id = any(array(select id from late)) returning id`,
});

/** Corrects the times of all past attempts that are still looked for. */
export const SET_BACK_PAST_SENDS = statement<{ byMs: number }, object>({
  name: 'past_send_set_back',
  pool: 'work',
  text: `
    with late as materialized (
      select task_id, attempt from past_send where ${isAhead('look_at')}
      order by task_id, attempt for no key update skip locked)
    update past_send p set ${putRight('look_at')} from late where p.task_id = late.task_id and p.attempt = late.attempt`,
});
