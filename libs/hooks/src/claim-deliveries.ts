import type { Statement } from '#libs/database';

/** A delivery that this replica alone sends until its claim ends. */
export interface ClaimedDelivery {
  taskId: string;
  claimId: string;
  apiKeyId: string;
  url: string;
  host: string;
  seq: number;
  terminal: boolean;
  payload: string;
  /** Number of the scheduled try of this payload; 0: one outside the schedule. */
  attempt: number;
}

/** A row of CLAIM_DUE; `seen` is how many due rows it looked at, the same in each row. */
export interface DueDelivery extends ClaimedDelivery {
  seen: number;
}

/** Whether CLAIM_DUE, CLAIM_PROBES or PUT_ASIDE may have something to do. */
export const DELIVERIES_DUE = `exists (select from hook_delivery where next_at <= now())
      or exists (select from hook_host where probe_at <= now())`;

// next_at is the lease: when it ends the row is due again by itself. A try before retry_at is outside the schedule.
const TAKE = `claim_id = $1, sent_at = now(),
      next_at = now() + $2::float8 * interval '1 ms', claim_until = now() + $2::float8 * interval '1 ms',
      attempts = d.attempts + case when d.retry_at > now() then 0 else 1 end,
      retry_at = case when d.retry_at > now() then d.retry_at end`;

const TAKEN = `d.task_id as "taskId", d.claim_id as "claimId", d.api_key_id as "apiKeyId", d.url, d.host, d.seq,
      d.terminal, d.payload, case when d.retry_at is null then d.attempts else 0 end as attempt`;

/**
 * Takes deliveries that are due, oldest first. Nothing goes to a receiver that asked for silence; one that is failing
 * gets one try at a time, and events before the end only by its probe. Rows that others have locked are passed over,
 * so this never waits and cannot deadlock.
 *
 * $1 claim id · $2 lease, ms · $3 rows at most · $4, $5, $6 hosts with claims here, how many, and how many more than $7 ends
 * may be claimed ahead · $7 claims of one host at most · $8 due rows to look at: they are locked, and that costs half as
 * much as taking them
 */
export const CLAIM_DUE: Statement = {
  name: 'hook_claim_due',
  pool: 'work',
  text: `with due as materialized (
      select d.task_id, d.host, d.next_at, left_to.room
      from hook_delivery d
        left join hook_host h on h.api_key_id = d.api_key_id and h.host = d.host
        left join unnest($4::text[], $5::int[], $6::int[]) as busy (host, claims, ahead) on busy.host = d.host
        cross join lateral (select case when h.failing_since is not null then 1
          when d.terminal then $7::int + coalesce(busy.ahead, 0) else $7::int end - coalesce(busy.claims, 0) as room) left_to
      where d.next_at <= now() and (h.not_before is null or h.not_before <= now())
        and (d.terminal or h.failing_since is null or h.probe_at is null) and left_to.room > 0
      order by d.next_at limit $8::int for update of d skip locked),
    placed as (
      select task_id, next_at, room, row_number() over (partition by host order by next_at, task_id) as place from due),
    chosen as (select task_id from placed where place <= room order by next_at limit $3::int)
    update hook_delivery d set ${TAKE}
    from chosen where d.task_id = chosen.task_id
    returning ${TAKEN}, (select count(*)::int from due) as seen`,
};

/**
 * Takes the oldest waiting delivery of each receiver whose probe is due, and sets the next probe; while another replica
 * does so the receiver is passed over. A receiver with nothing waiting is not probed again until it fails anew.
 *
 * $1 claim id · $2 lease, ms · $3 probes at most · $4 hosts that are at their limit here · $5 time between probes, ms
 */
export const CLAIM_PROBES: Statement = {
  name: 'hook_claim_probes',
  pool: 'work',
  text: `with host as materialized (
      select h.api_key_id, h.host from hook_host h
      where h.probe_at <= now() and (h.not_before is null or h.not_before <= now()) and h.host <> all($4::text[])
      order by h.probe_at limit $3::int for update skip locked),
    oldest as materialized (
      select first.task_id from host cross join lateral (
        select d.task_id from hook_delivery d
        where d.api_key_id = host.api_key_id and d.host = host.host and d.state = 'waiting'
          and (d.claim_until is null or d.claim_until <= now())
        order by d.created_at limit 1 for update skip locked) as first),
    probed as (
      update hook_host h set probe_at = case when exists (
          select from hook_delivery d
          where d.api_key_id = h.api_key_id and d.host = h.host and d.state = 'waiting')
        then now() + $5::float8 * interval '1 ms' end
      from host where h.api_key_id = host.api_key_id and h.host = host.host)
    update hook_delivery d set ${TAKE}
    from oldest where d.task_id = oldest.task_id
    returning ${TAKEN}`,
};
