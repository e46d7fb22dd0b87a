import { statement } from '#libs/database';
import { TAKE, TAKEN, type ClaimedDelivery, type ClaimParameters } from './claim-deliveries.js';

interface ProbeParameters extends Pick<
  ClaimParameters,
  'claimId' | 'leaseMs' | 'limit' | 'receivers' | 'keys' | 'newKey'
> {
  /** Claims that one receiver may have in this process; a receiver with as many is passed over. */
  maxPerHost: number;
  /** Time between two probes of a receiver. */
  probeMs: number;
}

/**
 * Claims the next waiting delivery of each receiver whose probe is due, keys in turn, and sets the time of the next probe.
 * A receiver that another replica is probing is passed over. A receiver with no waiting delivery has no further probe
 * until it fails again.
 */
export const CLAIM_PROBES = statement<ProbeParameters, ClaimedDelivery>({
  name: 'hook_claim_probes',
  pool: 'work',
  text: `with recursive owner as (
      (select api_key_id from hook_host where probe_at is not null order by api_key_id limit 1)
      union all
      select next.api_key_id from owner o cross join lateral (
        select h.api_key_id from hook_host h where h.probe_at is not null and h.api_key_id > o.api_key_id
        order by h.api_key_id limit 1) next),
    key as materialized (select * from jsonb_to_recordset(:keys::jsonb) as k (api_key_id bigint, room int)),
    receiver as materialized (
      select * from jsonb_to_recordset(:receivers::jsonb) as r (api_key_id bigint, host text, claims int)),
    due as materialized (
      select h.*, row_number() over (partition by h.api_key_id order by h.probe_at) as turn
      from owner o left join key k on k.api_key_id = o.api_key_id cross join lateral (
        select h.api_key_id, h.host, h.probe_at from hook_host h
        where h.api_key_id = o.api_key_id and h.probe_at <= now() and (h.not_before is null or h.not_before <= now())
          and not exists (
            select from receiver r where r.api_key_id = h.api_key_id and r.host = h.host and r.claims >= :maxPerHost::int)
        order by h.probe_at limit greatest(coalesce(k.room, :newKey::int), 0) for update of h skip locked) h),
    host as materialized (select api_key_id, host from due order by turn, probe_at limit :limit::int),
    next_row as materialized (
      select first.task_id from host cross join lateral (
        select d.task_id from hook_delivery d
        where d.state = 'waiting' and d.api_key_id = host.api_key_id and d.host = host.host
          and (d.claim_until is null or d.claim_until <= now())
        order by d.next_at limit 1 for update of d skip locked) as first),
    probed as (
      update hook_host h set probe_at = case when exists (
          select from hook_delivery d
          where d.state = 'waiting' and d.api_key_id = h.api_key_id and d.host = h.host)
        then now() + :probeMs::float8 * interval '1 ms' end
      from host where h.api_key_id = host.api_key_id and h.host = host.host)
    update hook_delivery d set ${TAKE}
    from next_row where d.task_id = next_row.task_id
    returning ${TAKEN}`,
});
