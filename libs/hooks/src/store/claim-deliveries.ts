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

/** What may be claimed of a receiver that has claims here or is known to be prompt. */
export interface ReceiverBounds {
  api_key_id: string;
  host: string;
  is_prompt: boolean;
  /** Claims that it has here. */
  claims: number;
  /** How many more it may have, and how many ends besides. */
  room: number;
  ahead: number;
  /** How many more receivers of its name that are not prompt may have together; null: it is prompt itself. */
  address_room: number | null;
}

/** What may be claimed of a key that has claims here, or a prompt receiver. */
export interface KeyBounds {
  api_key_id: string;
  /** How many more for receivers that are not prompt, how many for those that are. */
  room: number;
  prompt_room: number;
  /** How many for an address of it that has no claims here. */
  address_room: number;
}

/** How much may be claimed: what can begin now, and ends for receivers that are quick enough to get them in a moment. */
export interface ClaimBounds {
  /** Rows at most. */
  limit: number;
  receivers: ReceiverBounds[];
  keys: KeyBounds[];
  /** Of a key, and of an address, that have no claims here. */
  newKey: number;
  newAddress: number;
  maxPerHost: number;
}

/** What both ways to claim take. */
export interface ClaimParameters {
  claimId: string;
  leaseMs: number;
  /** Rows at most. */
  limit: number;
  /** JSON of ReceiverBounds[] and of KeyBounds[]. */
  receivers: string;
  keys: string;
  /** Rows of a key, of an address and of a receiver that have no bounds of their own. */
  newKey: number;
  newAddress: number;
  newReceiver: number;
  /** Due rows that CLAIM_POLLS looks at, and that CLAIM_FAIRLY counts: to lock one costs half as much as to take it. */
  window: number;
}

/** Where CLAIM_FAIRLY begins. */
export interface FairClaimParameters extends ClaimParameters {
  /** The key after which it begins. */
  afterKey: string;
  /** JSON array of `{api_key_id, host}`: the receiver after which it begins in a key. */
  afterHosts: string;
}

/** A row of CLAIM_POLLS; one without `taskId` says that nothing was claimed. */
export type DueDelivery = (ClaimedDelivery | { taskId: null }) & {
  /** How many rows are due, `window` at most; the same in each row. */
  due: number;
};

/** A row of CLAIM_FAIRLY. */
export type FairDelivery = DueDelivery & {
  /** The last key it came to; null: there are no more behind. */
  lastKey: string | null;
  /** Of each key whose receivers it looked at the last one; null: there are no more behind. */
  lastHosts: Record<string, string | null> | null;
};

/** Whether CLAIM_POLLS, CLAIM_PROBES or PUT_ASIDE may have something to do. */
export const DELIVERIES_DUE = `exists (select from hook_delivery where next_at <= now())
      or exists (select from hook_host where probe_at <= now())`;

// next_at is the lease: when it ends the row is due again by itself. A try before retry_at is outside the schedule.
export const TAKE = `claim_id = :claimId, sent_at = now(),
      next_at = now() + :leaseMs::float8 * interval '1 ms', claim_until = now() + :leaseMs::float8 * interval '1 ms',
      attempts = d.attempts + case when d.retry_at > now() then 0 else 1 end,
      retry_at = case when d.retry_at > now() then d.retry_at end`;

export const TAKEN = `d.task_id as "taskId", d.claim_id as "claimId", d.api_key_id as "apiKeyId", d.url, d.host, d.seq,
      d.terminal, d.payload, case when d.retry_at is null then d.attempts else 0 end as attempt`;

const BOUNDS = `receiver as materialized (
      select *, rtrim(rtrim(host, '0123456789'), ':') as name
      from jsonb_to_recordset(:receivers::jsonb) as r (api_key_id bigint, host text, is_prompt boolean, claims int, room int,
        ahead int, address_room int)),
    key as materialized (
      select * from jsonb_to_recordset(:keys::jsonb) as k (api_key_id bigint, room int, prompt_room int, address_room int))`;

/**
 * What of `seen` (due rows, locked) is taken. Nothing goes to a receiver that asked for silence; one that is failing gets
 * one try at a time, and events before the end only by its probe. Then each receiver, address and key has its bounds, and
 * of what is left keys have turns, in a key its addresses, and there its receivers. A prompt receiver's address is not
 * bounded here: what is too much waits a moment.
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
 * Takes deliveries that are due, looking at the oldest. Rows that others have locked are passed over, so this never waits
 * and cannot deadlock. Where more rows are due than it looks at, CLAIM_FAIRLY does it.
 */
export const CLAIM_POLLS = statement<ClaimParameters, DueDelivery>({
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

/** Keys that one CLAIM_FAIRLY comes to, and receivers of each. */
const MAX_KEYS = 128;
const MAX_HOSTS = 64;

/**
 * Takes deliveries that are due where there are many: it goes from key to key and from receiver to receiver by the
 * index, whatever waits for each, so that no backlog stands before anybody else's. Prompt receivers are asked for
 * directly, the others in turn: the next claim goes on where this one stopped.
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
