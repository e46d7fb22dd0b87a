import type { Database } from '#libs/database';
import { ACCOUNT_RULES, SLOT_RULES } from '../src/store/reads/book-invariants.js';

/** Invariants between the tables beyond those that the gateway audits; each query returns the violations. */
const MORE_RULES: Record<string, string> = {
  'no upstream has more than it may': 'select * from upstream_load where running > max_concurrent',
  'what a task costs stands in the ledger': `select t.id, t.cost, sum(l.amount) from task t
    left join ledger l on l.task_id = t.id group by 1, 2 having t.cost <> -coalesce(sum(l.amount), 0)`,
  'no key is over a limit': `select * from account
    where running > max_concurrent or window_used > requests_per_minute or day_used > daily_tasks or month_spent > monthly_spend`,
  'what is polled has its row, and nothing else': `select t.id, t.next_poll_at, p.task_id from task t
    full join task_poll p on p.task_id = t.id where (t.next_poll_at is null) <> (p.task_id is null)`,
  'input is kept only for what may be sent': `select i.task_id from task_input i join task t on t.id = i.task_id
    where t.finished_at is not null or (t.upstream_task_id is not null and t.retries_left = 0 and not t.waiting)`,
  'a task was sent again only where its send is kept': `select t.id from task t
    where t.resends <> (select count(*) from past_send p where p.task_id = t.id and p.why = 'not_taken')`,
  'what may be sent again is kept': `select t.id from task t
    where t.retries_left > 0 and (t.upstream_task_id is not null or t.waiting)
      and not exists (select from task_input i where i.task_id = t.id)`,
};

/** The violated invariants, each with its rows: those that the gateway audits, and MORE_RULES. */
export async function audit(database: Database): Promise<Record<string, object[]>> {
  const broken: Record<string, object[]> = {};
  const run = async (rule: string, text: string, values: readonly unknown[]): Promise<void> => {
    const rows = await database.run({ name: '', pool: 'work', text }, values);
    if (rows.length > 0) broken[rule] = rows;
  };
  for (const { name, text } of [...ACCOUNT_RULES, ...SLOT_RULES]) await run(name, text, [null]);
  for (const [rule, text] of Object.entries(MORE_RULES)) await run(rule, text, []);
  return broken;
}
