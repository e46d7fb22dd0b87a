import { statement } from '#libs/database';

/** The end of a task, for a receiver that asked for it after another one had got it. */
export interface RedirectedDelivery {
  taskId: string;
  apiKeyId: string;
  url: string;
  host: string;
  /** Version of the task. */
  seq: number;
  /** The exact body. */
  payload: string;
}

/**
 * Redirects an ended delivery to another receiver, once: the row is written anew for it, and the tries of the first
 * receiver stay in hook_attempt. A delivery that is still waiting stays as it is, and so does one to the same receiver;
 * URLs are compared without their login, which is sealed to other bytes each time.
 */
export const REDIRECT_DELIVERY = statement<RedirectedDelivery, object>({
  name: 'hook_tell_another',
  pool: 'http',
  text: `
    insert into hook_delivery as kept (task_id, api_key_id, url, host, seq, terminal, payload, next_at)
    values (:taskId, :apiKeyId, :url, :host, :seq, true, :payload, now())
    on conflict (task_id) do update set url = excluded.url, host = excluded.host, seq = excluded.seq, terminal = true,
      payload = excluded.payload, state = 'waiting', told_seq = null, attempts = 0, retry_at = null, sent_at = null,
      claim_id = null, claim_until = null, delivered_at = null, next_at = now()
    where kept.state <> 'waiting'
      and regexp_replace(kept.url, '^(https?://)[^/?#@]*@', '\\1') <> regexp_replace(excluded.url, '^(https?://)[^/?#@]*@', '\\1')`,
});
