/** Time from the end of an attempt to the first question whether its upstream accepted it after all. */
const FIRST_LOOK = "interval '1 minute'";

/**
 * SQL that stores the past attempts of `from` (id, ended_send jsonb `{attempt, upstream_id, upstream_task_id, sent_at,
 * why}` or null). An attempt that was proven not taken is looked up again.
 */
export function keepEndedSends(from: string): string {
  return `insert into past_send (task_id, attempt, upstream_id, upstream_task_id, sent_at, why, look_at)
      select s.id, e.attempt, e.upstream_id, e.upstream_task_id, e.sent_at, e.why,
        case when e.why = 'not_taken' then now() + ${FIRST_LOOK} end
      from ${from} s cross join lateral jsonb_to_record(s.ended_send) as e (attempt smallint, upstream_id bigint,
        upstream_task_id text, sent_at timestamptz, why text)
      where s.ended_send is not null
      on conflict (task_id, attempt) do nothing`;
}
