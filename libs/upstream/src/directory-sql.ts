import type { Statement } from '#libs/database';

const LOADED = 'select u.*, l.running, l.max_concurrent from upstream u join upstream_load l on l.upstream_id = u.id';

export const LIST: Statement = { name: 'upstream_directory', pool: 'http', text: `${LOADED} order by u.id` };

export const FIND: Statement = { name: 'upstream_find', pool: 'http', text: `${LOADED} where u.id = $1` };

export const CREATE: Statement = {
  name: 'upstream_create',
  pool: 'http',
  text: `with made as (
      insert into upstream (name, kind, base_url, secret, weight, priority, modes, actions, enabled, accepts_notify_hook,
        accepts_account_filter, submit_timeout_ms, poll_timeout_ms, full_texts, proxy_url, user_agent)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16, $17) returning *
    ), load as (
      insert into upstream_load (upstream_id, max_concurrent) select id, $15 from made returning running, max_concurrent)
    select made.*, load.running, load.max_concurrent from made, load`,
};

const PATCHED = [
  'name',
  'weight',
  'priority',
  'modes',
  'actions',
  'enabled',
  'accepts_notify_hook',
  'accepts_account_filter',
  'submit_timeout_ms',
  'poll_timeout_ms',
  'full_texts',
  'secret',
  'proxy_url',
  'user_agent',
];

/**
 * What only an operator can mend is tried again at once after he has set anything; what was sent before says nothing.
 * $1 id · $2 columns to change, a JSON object whose missing keys leave theirs as they are · $3 slots, null: as they are
 */
export const CHANGE: Statement = {
  name: 'upstream_change',
  pool: 'http',
  text: `with changed as (
      update upstream u set (${PATCHED.join(', ')}) =
        (select ${PATCHED.map((column) => `p.${column}`).join(', ')} from jsonb_populate_record(u, $2::jsonb) p),
        circuit_until = case when u.misconfigured is null then u.circuit_until end,
        circuit_opens = case when u.misconfigured is null then u.circuit_opens else 0 end,
        circuit_changed_at = case when u.misconfigured is null then u.circuit_changed_at else date_trunc('milliseconds', now()) end,
        misconfigured = null
      where u.id = $1 and u.retired_at is null returning u.*
    ), load as (
      update upstream_load l set max_concurrent = coalesce($3::integer, l.max_concurrent) from changed
      where l.upstream_id = changed.id returning l.running, l.max_concurrent)
    select changed.*, load.running, load.max_concurrent from changed, load`,
};

export const RETIRE: Statement = {
  name: 'upstream_retire',
  pool: 'http',
  text: `update upstream set retired_at = coalesce(retired_at, now()), enabled = false where id = $1 returning id`,
};

/** Switches a stand-in off: $1 its name. */
export const STAND_DOWN: Statement = {
  name: 'upstream_stand_down',
  pool: 'http',
  text: `update upstream set enabled = false where name = $1 and enabled`,
};
