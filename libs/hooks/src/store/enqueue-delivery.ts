/**
 * SQL that enqueues changes of tasks in the outbox, to stand in a `with` of the statement that makes the changes. The
 * newest change of a task replaces one that was not sent yet, and nothing replaces the end.
 *
 * The first delivery of a task waits 1 s, because its receiver may look the id up and the submit may not be answered yet;
 * HookDispatcher.release ends that wait. While a try of a task is under way, nothing else of that task is sent. Later
 * changes follow 500 ms after the last send, the end at once. A delivery that was deferred before its first try (retry_at
 * is set) is due at once, and is deferred anew if its receiver still fails. After an answer 410 nothing is enqueued.
 *
 * Locks the rows of hook_delivery in the order of their tasks.
 *
 * @param from a relation of that statement with `task_id bigint, api_key_id bigint, url text, host text, seq int,
 *   terminal boolean, payload text`: `host` of hostOf, `seq` the task's version, `payload` the exact body
 * @throws Error when `from` is not a plain name: it goes into the SQL as it is
 */
export function enqueueDelivery(from: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(from)) throw new Error('the relation of changes must be a plain name');
  return `insert into hook_delivery as kept (task_id, api_key_id, url, host, seq, terminal, payload, next_at)
    select distinct on (change.task_id) change.task_id, change.api_key_id, change.url, change.host, change.seq,
      change.terminal, change.payload, now() + interval '1 second'
    from ${from} change order by change.task_id, change.seq desc
    on conflict (task_id) do update set
      url = excluded.url, host = excluded.host, seq = excluded.seq, terminal = excluded.terminal,
      payload = excluded.payload, state = 'waiting', attempts = 0, retry_at = null, delivered_at = null,
      next_at = case
        when kept.claim_until > now() then kept.claim_until
        when kept.sent_at is null and kept.retry_at is null then kept.next_at
        when kept.sent_at is null or excluded.terminal then now()
        else greatest(now(), kept.sent_at + interval '500 milliseconds') end
    where not kept.terminal and kept.state <> 'cancelled' and excluded.seq > kept.seq`;
}
