import { statement, type NoParameters } from '#libs/database';

const LOADED = 'select u.*, l.running, l.max_concurrent from upstream u join upstream_load l on l.upstream_id = u.id';

export const LIST_UPSTREAMS = statement<NoParameters, object>({
  name: 'upstream_directory',
  pool: 'http',
  text: `${LOADED} order by u.id`,
});

export const FIND_UPSTREAM = statement<{ upstreamId: string }, object>({
  name: 'upstream_find',
  pool: 'http',
  text: `${LOADED} where u.id = :upstreamId`,
});

interface NewUpstream {
  name: string;
  kind: string;
  baseUrl: string;
  /** Sealed, as `proxyUrl`. */
  secret: Buffer | null;
  weight: number;
  priority: number;
  modes: string[] | null;
  actions: string[] | null;
  enabled: boolean;
  acceptsNotifyHook: boolean;
  acceptsAccountFilter: boolean;
  submitTimeoutMs: number | null;
  pollTimeoutMs: number | null;
  fullTexts: readonly string[];
  maxConcurrent: number;
  proxyUrl: Buffer | null;
  userAgent: string | null;
  defaultVersion: string | null;
  modelVersions: readonly string[] | null;
  followUps: string;
}

export const CREATE_UPSTREAM = statement<NewUpstream, object>({
  name: 'upstream_create',
  pool: 'http',
  text: `with made as (
      insert into upstream (name, kind, base_url, secret, weight, priority, modes, actions, enabled, accepts_notify_hook,
        accepts_account_filter, submit_timeout_ms, poll_timeout_ms, full_texts, proxy_url, user_agent, default_version, model_versions,
        follow_ups)
      values (:name, :kind, :baseUrl, :secret, :weight, :priority, :modes, :actions, :enabled, :acceptsNotifyHook,
        :acceptsAccountFilter, :submitTimeoutMs, :pollTimeoutMs, :fullTexts, :proxyUrl, :userAgent, :defaultVersion, :modelVersions,
        :followUps) returning *
    ), load as (
      insert into upstream_load (upstream_id, max_concurrent) select id, :maxConcurrent from made returning running, max_concurrent)
    select made.*, load.running, load.max_concurrent from made, load`,
});

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
  'default_version',
  'model_versions',
  'follow_ups',
];

/** `columns`: a JSON object of columns; those that are missing stay as they are, as does a `maxConcurrent` of null. */
interface UpstreamChange {
  upstreamId: string;
  columns: string;
  maxConcurrent: number | null;
}

/**
 * Changes a live upstream. Any change by its operator closes the circuit of a misconfigured one, so that it is tried again
 * at once; answers to calls that began before do not count any more.
 */
export const CHANGE_UPSTREAM = statement<UpstreamChange, object>({
  name: 'upstream_change',
  pool: 'http',
  text: `with changed as (
      update upstream u set (${PATCHED.join(', ')}) =
        (select ${PATCHED.map((column) => `p.${column}`).join(', ')} from jsonb_populate_record(u, :columns::jsonb) p),
        circuit_until = case when u.misconfigured is null then u.circuit_until end,
        circuit_opens = case when u.misconfigured is null then u.circuit_opens else 0 end,
        circuit_changed_at = case when u.misconfigured is null then u.circuit_changed_at else date_trunc('milliseconds', now()) end,
        misconfigured = null
      where u.id = :upstreamId and u.retired_at is null returning u.*
    ), load as (
      update upstream_load l set max_concurrent = coalesce(:maxConcurrent::integer, l.max_concurrent) from changed
      where l.upstream_id = changed.id returning l.running, l.max_concurrent)
    select changed.*, load.running, load.max_concurrent from changed, load`,
});

export const RETIRE_UPSTREAM = statement<{ upstreamId: string }, { id: string }>({
  name: 'upstream_retire',
  pool: 'http',
  text: `update upstream set retired_at = coalesce(retired_at, now()), enabled = false where id = :upstreamId returning id`,
});

/** Disables an enabled upstream. */
export const DISABLE_UPSTREAM = statement<{ name: string }, object>({
  name: 'upstream_stand_down',
  pool: 'http',
  text: `update upstream set enabled = false where name = :name and enabled`,
});
