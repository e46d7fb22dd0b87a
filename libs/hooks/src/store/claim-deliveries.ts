import { statement } from '#libs/database';

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

/** How much may be claimed for a receiver that has claims in this process or is known to be prompt. */
export interface ReceiverBounds {
  api_key_id: string;
  host: string;
  is_prompt: boolean;
  /** Claims that it has in this process. */
  claims: number;
  /** Further claims that it may have, and further ends that may be prefetched for it. */
  room: number;
  ahead: number;
  /** Further claims that all receivers of its name that are not prompt may have together; null: it is prompt itself. */
  address_room: number | null;
}

/** How much may be claimed for a key that has claims in this process, or a prompt receiver. */
export interface KeyBounds {
  api_key_id: string;
  /** Further claims for receivers that are not prompt, and for receivers that are. */
  room: number;
  prompt_room: number;
  /** Further claims for each address of the key that has no claims in this process. */
  address_room: number;
}

/** How much may be claimed: deliveries whose try can begin now, and ends that are prefetched for fast receivers. */
export interface ClaimBounds {
  /** Rows at most. */
  limit: number;
  receivers: ReceiverBounds[];
  keys: KeyBounds[];
  /** Claims for a key, and for an address, that have none in this process. */
  newKey: number;
  newAddress: number;
  maxPerHost: number;
}

/** Parameters of CLAIM_DELIVERIES. */
export interface ClaimParameters {
  claimId: string;
  leaseMs: number;
  /** Rows at most. */
  limit: number;
  /** JSON of ReceiverBounds[] and of KeyBounds[]. */
  receivers: string;
  keys: string;
  /** Rows for a key, for an address and for a receiver that have no bounds of their own. */
  newKey: number;
  newAddress: number;
  newReceiver: number;
  /** Due rows that CLAIM_DELIVERIES looks at, and that CLAIM_FAIRLY counts: to lock one costs half as much as to take it. */
  window: number;
}

/** Parameters of CLAIM_FAIRLY. */
export interface FairClaimParameters extends ClaimParameters {
  /** The key after which the statement begins. */
  afterKey: string;
  /** JSON array of `{api_key_id, host}`: the receiver after which the statement begins in that key. */
  afterHosts: string;
}

/** A row of CLAIM_DELIVERIES; one without `taskId` says that nothing was claimed. */
export type DueDelivery = (ClaimedDelivery | { taskId: null }) & {
  /** How many rows are due, `window` at most; the same in each row. */
  due: number;
};

/** A row of CLAIM_FAIRLY. */
export type FairDelivery = DueDelivery & {
  /** The last key that was visited; null: no key comes after it. */
  lastKey: string | null;
  /** The last receiver that was visited of each key; null: no receiver of that key comes after it. */
  lastHosts: Record<string, string | null> | null;
};

/** Condition: whether CLAIM_DELIVERIES, CLAIM_PROBES or DEFER_FAILING_HOST may have something to do. */
export const DELIVERIES_DUE = `exists (select from hook_delivery where next_at <= now())
      or exists (select from hook_host where probe_at <= now())`;

/**
 * Assignments that claim a delivery. next_at is the lease: when it ends, the row is due again. A try before retry_at is
 * outside the schedule.
 */
export const TAKE = `claim_id = :claimId, sent_at = now(),
      next_at = now() + :leaseMs::float8 * interval '1 ms', claim_until = now() + :leaseMs::float8 * interval '1 ms',
      attempts = d.attempts + case when d.retry_at > now() then 0 else 1 end,
      retry_at = case when d.retry_at > now() then d.retry_at end`;

/** The columns of a ClaimedDelivery. */
export const TAKEN = `d.task_id as "taskId", d.claim_id as "claimId", d.api_key_id as "apiKeyId", d.url, d.host, d.seq,
      d.terminal, d.payload, case when d.retry_at is null then d.attempts else 0 end as attempt`;

/** The bounds as relations: `receiver`, and `key`. */
const BOUNDS = `receiver as materialized (
      select *, rtrim(rtrim(host, '0123456789'), ':') as name
      from jsonb_to_recordset(:receivers::jsonb) as r (api_key_id bigint, host text, is_prompt boolean, claims int, room int,
        ahead int, address_room int)),
    key as materialized (
      select * from jsonb_to_recordset(:keys::jsonb) as k (api_key_id bigint, room int, prompt_room int, address_room int))`;

/**
 * Chooses the rows to claim among `seen` (due rows, locked). A receiver that asked for silence gets nothing; a failing
 * receiver gets one try at a time, and events before the end only by its probe. Then the bounds of receiver, address and
 * key apply. Of the rows that are left, keys take turns, within a key its addresses, and within an address its receivers.
 * The address of a prompt receiver has no bound here, because its claims wait a moment at most.
 */
const CHOOSE = `open as (
      select s.task_id, s.api_key_id, s.next_at, coalesce(r.is_prompt, false) as is_prompt,
        rtrim(rtrim(s.host, '0123456789'), ':') as name,
        row_number() over (partition by s.api_key_id, s.host order by s.next_at, s.task_id) as place,
        case when h.failing_since is not null then 1 - coalesce(r.claims, 0)
          when s.terminal then coalesce(r.room, :newReceiver::int) + coalesce(r.ahead, 0) else coalesce(r.room, :newReceiver::int) end as room
      from seen s
        left join hook_host h on h.api_key_id = s.api_key_id and h.host = s.host
        left join receiver r on r.api_key_id = s.api_key_id and r.host = s.host
      where (h.not_before is null or h.not_before <= now())
        and (s.terminal or h.failing_since is null or h.probe_at is null)),
    placed as (
      select *, row_number() over (partition by api_key_id, is_prompt, name order by place, next_at) as place_at_address
      from open where place <= room),
    address as (select api_key_id, name, min(address_room) as room from receiver group by api_key_id, name),
    turned as (
      select p.task_id, p.api_key_id, p.is_prompt, p.next_at,
        row_number() over (partition by p.api_key_id, p.is_prompt order by p.place_at_address, p.next_at) as turn
      from placed p
        left join address a on a.api_key_id = p.api_key_id and a.name = p.name and not p.is_prompt
        left join key k on k.api_key_id = p.api_key_id
      where p.is_prompt or p.place_at_address <= coalesce(a.room, k.address_room, :newAddress::int)),
    chosen as (
      select t.task_id from turned t left join key k on k.api_key_id = t.api_key_id
      where t.turn <= case when t.is_prompt then k.prompt_room else coalesce(k.room, :newKey::int) end
      order by t.turn, t.next_at limit :limit::int)`;

/**
 * Claims due deliveries among the oldest `window` rows. Locked rows are passed over, so the statement never waits and
 * cannot deadlock. Where more rows are due, CLAIM_FAIRLY takes its place.
 */
export const CLAIM_DELIVERIES = statement<ClaimParameters, DueDelivery>({
  name: 'hook_claim_due',
  pool: 'work',
  text: `with ${BOUNDS},
    seen as materialized (
      select d.task_id, d.api_key_id, d.host, d.next_at, d.terminal from hook_delivery d
      where d.next_at <= now() order by d.next_at limit :window::int for update of d skip locked),
    ${CHOOSE},
    taken as (
      update hook_delivery d set ${TAKE} from chosen where d.task_id = chosen.task_id returning ${TAKEN})
    select taken.*, found.due from (select count(*)::int as due from seen) found left join taken on true`,
});

/** Keys that one CLAIM_FAIRLY visits at most, and receivers of each key. */
const MAX_KEYS = 128;
const MAX_HOSTS = 64;

/**
 * Claims due deliveries in a backlog. The statement skips from key to key and from receiver to receiver by the index,
 * however much waits for each, so that the backlog of one receiver delays no other. Prompt receivers are looked up
 * directly, the others in turn: the next claim continues where this one stopped.
 */
export const CLAIM_FAIRLY = statement<FairClaimParameters, FairDelivery>({
  name: 'hook_claim_fairly',
  pool: 'work',
  text: `with recursive ${BOUNDS},
    owner as (
      (select api_key_id from hook_delivery where state = 'waiting' and api_key_id > :afterKey::bigint order by api_key_id limit 1)
      union all
      select next.api_key_id from owner o cross join lateral (
        select d.api_key_id from hook_delivery d where d.state = 'waiting' and d.api_key_id > o.api_key_id
        order by d.api_key_id limit 1) next),
    owners as materialized (select api_key_id from owner limit ${MAX_KEYS}),
    visited as materialized (
      select o.api_key_id, v.host, v.next_at, v.nth, coalesce(k.room, :newKey::int) as room
      from owners o left join key k on k.api_key_id = o.api_key_id
        left join jsonb_to_recordset(:afterHosts::jsonb) as resume (api_key_id bigint, host text) on resume.api_key_id = o.api_key_id
        cross join lateral (
          with recursive step as (
            (select d.host, d.next_at, 1 as nth from hook_delivery d
              where d.state = 'waiting' and d.api_key_id = o.api_key_id and d.host > coalesce(resume.host, '')
              order by d.host, d.next_at limit 1)
            union all
            select next.host, next.next_at, s.nth + 1 from step s cross join lateral (
              select d.host, d.next_at from hook_delivery d
              where d.state = 'waiting' and d.api_key_id = o.api_key_id and d.host > s.host
              order by d.host, d.next_at limit 1) next
            where s.nth < ${MAX_HOSTS})
          select * from step) v
      where coalesce(k.room, :newKey::int) > 0),
    lane as (
      select r.api_key_id, r.host, r.claims, r.room + r.ahead as room from receiver r join key k on k.api_key_id = r.api_key_id
      where r.is_prompt and k.prompt_room > 0
      union all
      select v.api_key_id, v.host, coalesce(r.claims, 0), least(coalesce(r.room, :newReceiver::int), v.room)
      from visited v left join receiver r on r.api_key_id = v.api_key_id and r.host = v.host
      where v.next_at <= now() and not coalesce(r.is_prompt, false)),
    seen as materialized (
      select d.* from lane l left join hook_host h on h.api_key_id = l.api_key_id and h.host = l.host
        cross join lateral (
          select d.task_id, d.api_key_id, d.host, d.next_at, d.terminal from hook_delivery d
          where d.state = 'waiting' and d.api_key_id = l.api_key_id and d.host = l.host and d.next_at <= now()
            and (d.terminal or h.failing_since is null or h.probe_at is null)
          order by d.next_at
          limit greatest(case when h.failing_since is null then l.room else 1 - l.claims end, 0)
          for update of d skip locked) d
      where h.not_before is null or h.not_before <= now()),
    ${CHOOSE},
    taken as (
      update hook_delivery d set ${TAKE} from chosen where d.task_id = chosen.task_id returning ${TAKEN})
    select taken.*, found.* from (select
        (select count(*)::int from (select from hook_delivery where next_at <= now() limit :window::int) d) as due,
        (select max(api_key_id) from owners having count(*) = ${MAX_KEYS}) as "lastKey",
        (select jsonb_object_agg(api_key_id, case when nth = ${MAX_HOSTS} then host end) from (
          select distinct on (api_key_id) api_key_id, host, nth from visited order by api_key_id, nth desc) l) as "lastHosts"
      ) found left join taken on true`,
});
