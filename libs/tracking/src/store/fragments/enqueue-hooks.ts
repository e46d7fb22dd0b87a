import { enqueueDelivery } from '#libs/hooks';

/**
 * CTEs that enqueue the hook deliveries of a saving statement. `from` is a relation of that statement with (id,
 * api_key_id, version, delivery jsonb `{url, host, terminal, payload}` or null).
 */
export function enqueueHooks(from: string): string {
  return `told as (
      select s.id as task_id, s.api_key_id, d.url, d.host, s.version as seq, d.terminal, d.payload
      from ${from} s cross join lateral jsonb_to_record(s.delivery) as d (url text, host text, terminal boolean, payload text)
      where s.delivery is not null
    ), deliveries as (
      ${enqueueDelivery('told')}
    )`;
}
