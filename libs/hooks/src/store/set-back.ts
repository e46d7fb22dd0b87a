import { isAhead, putPast, putRight, statement } from '#libs/database';

/**
 * Puts right what was due by a clock that was set back, `limit` rows after `afterId` at once, by id. A locked
 * row is passed over, because its holder is about to write it.
 */
export const SET_BACK_DELIVERIES = statement<{ byMs: number; afterId: string; limit: number }, { id: string }>({
  name: 'hook_set_back',
  pool: 'work',
  text: `
    with ahead as materialized (
      select task_id from hook_delivery where ${isAhead('next_at')}
    ), late as materialized (
      select task_id from hook_delivery
      where task_id = any(array(select task_id from ahead where task_id > :afterId::bigint order by task_id limit :limit))
      order by task_id for no key update skip locked)
    update hook_delivery set ${putRight('next_at', 'retry_at', 'claim_until')}, ${putPast('sent_at')}
    where task_id = any(array(select task_id from late)) returning task_id as id`,
});

/** The same of receivers, all of them. */
export const SET_BACK_RECEIVERS = statement<{ byMs: number }, object>({
  name: 'hook_set_back_receivers',
  pool: 'work',
  text: `
    with late as materialized (
      select api_key_id, host from hook_host
      where ${isAhead('probe_at')} or ${isAhead('not_before')} or failing_since > now() or last_ok_at > now()
        or used_at > now()
      order by api_key_id, host for no key update skip locked)
    update hook_host h set ${putRight('probe_at', 'not_before')}, ${putPast('failing_since', 'last_ok_at', 'used_at')}
    from late where h.api_key_id = late.api_key_id and h.host = late.host`,
});
