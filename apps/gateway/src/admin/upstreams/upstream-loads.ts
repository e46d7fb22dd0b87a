import { Injectable } from '@nestjs/common';
import { Database, statement, type NoParameters } from '#libs/database';
import type { UpstreamState } from '#libs/upstream';

/** What an upstream has had to do. */
export interface UpstreamLoad {
  /** Tasks that wait for this one and no other: follow-ups, mostly. */
  waiting: number;
  /** Calls made in the last hour. */
  callsLastHour: number;
  /** Of those, the ones that were not answered in order: failed, timed out, or throttled. */
  errorsLastHour: number;
}

const NONE: UpstreamLoad = { waiting: 0, callsLastHour: 0, errorsLastHour: 0 };

/** The classes of results are those of report.upstream_now. One line for each upstream that has any. */
const UPSTREAM_LOADS = statement<NoParameters, UpstreamLoad & { id: string }>({
  name: 'admin_upstream_loads',
  pool: 'http',
  text: `
    with waits as (
      select upstream_id as id, count(*)::int as waiting from task where waiting and upstream_id is not null group by upstream_id
    ), asked as (
      select upstream_id as id, coalesce(sum(calls), 0)::int as calls,
        coalesce(sum(calls) filter (
          where result <> all ('{ok,accepted,queued,window,exists,uploaded,banned,refused}'::text[])), 0)::int as errors
      from upstream_call
      where at > now() - interval '1 hour' and result <> all ('{circuit,circuit_open}'::text[])
      group by upstream_id)
    select id::text, coalesce(waiting, 0) as waiting, coalesce(calls, 0) as "callsLastHour", coalesce(errors, 0) as "errorsLastHour"
    from waits full join asked using (id)`,
});

/** Adds to upstreams what they have had to do. */
@Injectable()
export class UpstreamLoads {
  constructor(private readonly database: Database) {}

  /** @throws DatabaseUnavailableError */
  async addTo<Upstream extends UpstreamState>(upstreams: readonly Upstream[]): Promise<(Upstream & UpstreamLoad)[]> {
    if (upstreams.length === 0) return [];
    const rows = await this.database.run(UPSTREAM_LOADS, {});
    const loads = new Map(rows.map(({ id, ...load }) => [id, load]));
    return upstreams.map((upstream) => ({ ...upstream, ...(loads.get(upstream.id) ?? NONE) }));
  }
}
