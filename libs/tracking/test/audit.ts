import type { Database } from '#libs/database';

/** Everything that must hold between the tables at any moment; each query gives what breaks it. */
const RULES: Record<string, string> = {
  'slots are what tasks hold': `select l.upstream_id, l.running, count(t.id) as held from upstream_load l
    left join task t on t.upstream_id = l.upstream_id and t.has_slot group by 1, 2 having l.running <> count(t.id)`,
  'no upstream has more than it may': 'select * from upstream_load where running > max_concurrent',
  'running counts are what tasks count': `select a.api_key_id, a.running, count(t.id) as counted from account a
    left join task t on t.api_key_id = a.api_key_id and t.is_counted group by 1, 2 having a.running <> count(t.id)`,
  'balance is the sum of the ledger': `select a.api_key_id, a.balance, sum(l.amount) from account a
    left join ledger l using (api_key_id) where a.is_limited group by 1, 2 having a.balance <> coalesce(sum(l.amount), 0)`,
  'no balance is below nothing': 'select * from account where has_credit_limit and balance < 0',
  'what a task costs stands in the ledger': `select t.id, t.cost, sum(l.amount) from task t
    left join ledger l on l.task_id = t.id group by 1, 2 having t.cost <> -coalesce(sum(l.amount), 0)`,
  'input is kept only for what may be sent': `select i.task_id from task_input i join task t on t.id = i.task_id
    where t.finished_at is not null or t.upstream_task_id is not null`,
};

/** The rules that are broken, each with its rows. */
export async function audit(database: Database): Promise<Record<string, object[]>> {
  const broken: Record<string, object[]> = {};
  for (const [rule, text] of Object.entries(RULES)) {
    const rows = await database.run({ name: '', pool: 'work', text });
    if (rows.length > 0) broken[rule] = rows;
  }
  return broken;
}
