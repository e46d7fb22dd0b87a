import { isAhead, putPast, putRight, statement } from '#libs/database';

/**
 * Corrects the times of circuits after the database's clock was set back. A probe under way loses its lease by it, so its
 * result is dropped.
 */
export const SET_BACK_UPSTREAMS = statement<{ byMs: number }, object>({
  name: 'upstream_set_back',
  pool: 'work',
  text: `
    with late as materialized (
      select id from upstream where ${isAhead('circuit_until')} or circuit_changed_at > now() or probed_at > now()
      order by id for no key update skip locked)
    update upstream u set ${putRight('circuit_until')}, ${putPast('circuit_changed_at', 'probed_at')}
    from late where u.id = late.id`,
});
