import { statement } from '#libs/database';

/** Makes first deliveries due now that are waiting for the answer of their submit. */
export const RELEASE_FIRST = statement<{ taskIds: string[] }, object>({
  name: 'hook_release_first',
  pool: 'work',
  text: `with first as (
      select task_id from hook_delivery
      where task_id = any(:taskIds::bigint[]) and sent_at is null and next_at > now()
      order by task_id for update)
    update hook_delivery d set next_at = now() from first where d.task_id = first.task_id`,
});

/**
 * Gives claims back: their deliveries are due at once for any replica, and the try does not count. A claim that was lost
 * meanwhile changes nothing. `claimIds` are in the order of `taskIds`.
 */
export const GIVE_BACK = statement<{ taskIds: string[]; claimIds: string[] }, object>({
  name: 'hook_give_back',
  pool: 'work',
  text: `with mine as (
      select d.task_id from hook_delivery d
        join unnest(:taskIds::bigint[], :claimIds::uuid[]) as claim (task_id, id) on claim.task_id = d.task_id and claim.id = d.claim_id
      order by d.task_id for update of d)
    update hook_delivery d set claim_id = null, claim_until = null, next_at = now(),
      attempts = greatest(d.attempts - case when d.retry_at is null then 1 else 0 end, 0)
    from mine where d.task_id = mine.task_id`,
});
