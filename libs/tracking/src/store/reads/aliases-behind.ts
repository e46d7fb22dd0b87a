import type { Task } from '../../task/task.entity.js';
import { type EntityRow, type NoParameters, statement } from '#libs/database';

/** Finds aliases that lag behind their originals, and those originals. */
export const FIND_ALIASES_BEHIND = statement<NoParameters, EntityRow<Task>>({
  name: 'task_find_aliases_behind',
  pool: 'work',
  text: `
    with behind as (
      select a.id, a.alias_of from task a join task o on o.id = a.alias_of
      where a.alias_of is not null and a.finished_at is null
        and (o.finished_at is not null or o.progress > a.progress or (o.status = 'IN_PROGRESS' and a.status <> o.status))
      limit 100)
    select * from task where id in (select id from behind union select alias_of from behind)`,
});
