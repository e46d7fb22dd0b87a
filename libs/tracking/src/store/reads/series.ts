import { statement } from '#libs/database';

/** One of several tasks that were opened together. */
export interface SeriesMember {
  id: string;
  /** Whether the upstream has not answered yet, and still may. */
  isBeingSent: boolean;
}

/**
 * Finds a task and those that one statement opened along with it. All have the same `submitted_at`, by which an index
 * finds them.
 */
export const FIND_SERIES = statement<{ taskId: string; apiKeyId: string }, SeriesMember>({
  name: 'task_find_series',
  pool: 'http',
  text: `
    select t.id, t.send_deadline > now() and t.upstream_task_id is null and not t.waiting and t.finished_at is null
      as "isBeingSent"
    from task h join task t on t.api_key_id = h.api_key_id and t.submitted_at = h.submitted_at
      and (t.id = h.id or t.batch_id = h.id)
    where h.id = :taskId and h.api_key_id = :apiKeyId and not t.refused order by t.id`,
});
