import { statement, type StatementRunner } from '#libs/database';
import type { DeliveryState } from './hook-delivery.entity.js';

/** Rows that one replay makes due at most, which bounds how long it holds their locks. */
export const MAX_REPLAY = 10_000;

/** Which deliveries of ends are sent again; null: any. */
export interface ReplayFilter {
  /** When the delivery was tried last, or was made if it was never tried: at or after `since` and before `until`. */
  since: Date;
  until: Date;
  state: DeliveryState | null;
  /** Host of the receiver, with its port or without. */
  host: string | null;
  taskId: string | null;
}

// The seq stays, and with it the webhook-id, by which a receiver knows a repetition. The retry schedule begins anew.
const MAKE_DUE = `state = 'waiting', next_at = now(), attempts = 0, retry_at = null, delivered_at = null,
      claim_id = null, claim_until = null`;

/** Condition: whether a delivery is neither being sent now nor due already. */
const RESTS = `(d.claim_until is null or d.claim_until <= now()) and not (d.state = 'waiting' and d.next_at <= now())`;

/** Makes the delivery of a task due; a row says that the task has one. */
const RESEND = statement<{ taskId: string }, { task_id: string }>({
  name: 'hook_resend',
  pool: 'http',
  text: `with known as materialized (select d.task_id, ${RESTS} as rests from hook_delivery d where d.task_id = :taskId for update),
    due as (update hook_delivery d set ${MAKE_DUE} from known k where d.task_id = k.task_id and k.rests)
    select task_id from known`,
});

/** Condition: whether a ReplayFilter, by the names of its parts, takes a delivery. */
const CHOSEN = `d.terminal and ${RESTS}
      and coalesce(d.sent_at, d.created_at) >= :since and coalesce(d.sent_at, d.created_at) < :until
      and (:state::text is null or d.state = :state)
      and (:host::text is null or d.host = :host or regexp_replace(d.host, ':[0-9]+$', '') = :host)
      and (:taskId::bigint is null or d.task_id = :taskId)`;

const COUNT = statement<ReplayFilter, { count: number }>({
  name: 'hook_replay_count',
  pool: 'http',
  text: `select count(*)::int as count from hook_delivery d where ${CHOSEN}`,
});

/** Locks in the order of tasks, as every statement on deliveries does. */
const REPLAY = statement<ReplayFilter & { limit: number }, { task_id: string }>({
  name: 'hook_replay',
  pool: 'http',
  text: `with oldest as materialized (
      select d.task_id from hook_delivery d where ${CHOSEN}
      order by coalesce(d.sent_at, d.created_at), d.task_id limit :limit),
    chosen as materialized (
      select d.task_id from hook_delivery d join oldest using (task_id) where ${RESTS} order by d.task_id for update of d)
    update hook_delivery d set ${MAKE_DUE} from chosen where d.task_id = chosen.task_id returning d.task_id`,
});

/**
 * Makes the newest delivery of a task due now, whatever its state. False: the task has none. @throws
 * DatabaseUnavailableError
 */
export async function resendDelivery(runner: StatementRunner, taskId: string): Promise<boolean> {
  return (await runner.run(RESEND, { taskId })).length > 0;
}

/** How many deliveries a replay would make due. @throws DatabaseUnavailableError */
export async function countReplay(runner: StatementRunner, filter: ReplayFilter): Promise<number> {
  const [row] = await runner.run(COUNT, filter);
  return row?.count ?? 0;
}

/**
 * Makes deliveries of ends due now, the oldest first, at most MAX_REPLAY; gives how many. Those that are due already or
 * being sent do not count, so that asking again continues. @throws DatabaseUnavailableError
 */
export async function replayDeliveries(runner: StatementRunner, filter: ReplayFilter): Promise<number> {
  return (await runner.run(REPLAY, { ...filter, limit: MAX_REPLAY })).length;
}
