/**
 * SQL of the service class of a waiting task of the relation `t`, 0 first: TURBO, FAST, RELAX; every 10 minutes of
 * waiting lift a task by one class.
 */
export function queueClass(t: string): string {
  return `greatest(0, array_position(array['TURBO', 'FAST', 'RELAX'], ${t}.mode) - 1
    - floor(extract(epoch from now() - ${t}.submitted_at) / 600))`;
}

/**
 * SQL of the ids (bigint[]) of the upstreams that could take the work of the relation `k`: the upstream that the work
 * is bound to, otherwise the enabled ones that support it.
 */
function eligibleUpstreams(k: string): string {
  return `case when ${k}.upstream_id is not null then array[${k}.upstream_id] else array(
      select u.id from upstream u
      where u.enabled and (u.modes is null or ${k}.mode = any(u.modes)) and (u.actions is null or ${k}.action = any(u.actions))
      order by u.id) end`;
}

/**
 * SQL of the queue positions (id, position) of the waiting tasks among `ids` (SQL that selects ids): the number of
 * tasks served before each that the same upstreams could take. Counted once for all: eligible upstreams are found for
 * each kind of work, and tasks with the same eligible upstreams share a numbered queue, because sorting by arrays took
 * most of the time.
 */
export function queuePositions(ids: string): string {
  return `select id, position from (
        with kind as materialized (
          select k.*, ${eligibleUpstreams('k')} as takers from (select distinct upstream_id, mode, action from task where waiting) k
        ), line as (
          select takers, row_number() over ()::int as number from (
            select distinct k.takers from task t
            join kind k on k.mode = t.mode and k.action = t.action and k.upstream_id is not distinct from t.upstream_id
            where t.waiting and t.id = any(array(${ids}))) asked
        ), stands as materialized (
          select k.upstream_id, k.mode, k.action, l.number, k.takers = l.takers as is_own
          from kind k join line l on k.takers = l.takers or k.takers && l.takers
        )
        select t.id, s.is_own,
          (row_number() over (partition by s.number order by (${queueClass('t')})::int, t.submitted_at, t.id) - 1)::int as position
        from task t join stands s on s.mode = t.mode and s.action = t.action and s.upstream_id is not distinct from t.upstream_id
        where t.waiting) places
      where is_own and id = any(array(${ids}))`;
}

/** SQL of the queue positions of the tasks in `ids` (SQL of a bigint[]); counts nothing if none of them waits. */
export function queuePositionsOf(ids: string): string {
  return `select * from (${queuePositions(`select unnest(${ids})`)}) p
      where exists (select from task where id = any(${ids}) and waiting)`;
}
