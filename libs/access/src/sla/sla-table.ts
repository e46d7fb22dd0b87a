import { rowReader, statement, type NoParameters, type StatementRunner } from '#libs/database';
import type { TaskMode } from '#libs/wire';
import { SlaTarget } from './sla-target.entity.js';

/** The service level of a mode: seconds that a task may take, and the share of tasks (0 to 1) for which that should hold. */
export interface SlaRow {
  mode: TaskMode;
  targetSeconds: number;
  targetRatio: string;
}

const LIST = statement<NoParameters, object>({
  name: 'sla_list',
  pool: 'http',
  text: 'select mode, target_seconds, target_ratio from sla_target order by target_seconds, mode',
});

const LOCK = statement<NoParameters, object>({
  name: 'sla_lock',
  pool: 'http',
  text: 'lock table sla_target in share row exclusive mode',
});

const CLEAR = statement<NoParameters, object>({ name: 'sla_clear', pool: 'http', text: 'delete from sla_target' });

/** `targets`: JSON of `[{mode, targetSeconds, targetRatio}]`. */
const FILL = statement<{ targets: string }, object>({
  name: 'sla_fill',
  pool: 'http',
  text: `insert into sla_target (mode, target_seconds, target_ratio)
    select mode, "targetSeconds", "targetRatio" from jsonb_to_recordset(:targets::jsonb)
      as given (mode text, "targetSeconds" integer, "targetRatio" numeric)`,
});

const readTarget = rowReader(SlaTarget);

/** All service levels, the shortest first. @throws DatabaseUnavailableError */
export async function listSlaTargets(runner: StatementRunner): Promise<SlaTarget[]> {
  return (await runner.run(LIST)).map(readTarget);
}

/** Replaces all service levels. @param runner of a transaction. @throws DatabaseUnavailableError */
export async function replaceSlaTargets(runner: StatementRunner, rows: readonly SlaRow[]): Promise<void> {
  await runner.run(LOCK);
  await runner.run(CLEAR);
  await runner.run(FILL, { targets: JSON.stringify(rows) });
}
