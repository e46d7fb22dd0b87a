import { KEYS, seconds, UPSTREAM_LABEL } from './fragments.js';
import type { Report } from './report.js';

/** Events that are written down without anything having moved on. */
export const STANDSTILL = `'{unsaved,denied,unconfirmed,cancel_asked,late_acceptance,late_success,seeded}'::text[]`;

/** Time of the last event of `task t` that moved it on. */
export const LAST_PROGRESS = `(
    select e.at from task_event e where e.task_id = t.id and e.kind <> all (${STANDSTILL}) order by e.id desc limit 1)`;

/** An upstream's words may quote the prompt; a shorter one than 8 characters would be found in ordinary words. */
const quoted = (words: string, prompt: string): string =>
  `replace(${words}, case when length(${prompt}) >= 8 then ${prompt} else '' end, '[prompt]')`;
const FAIL_REASON = quoted(quoted(quoted('t.fail_reason', 't.prompt'), 't.prompt_en'), 't.final_prompt');

const ROOT = `(
    with recursive line as (
      select t.id, t.parent_id as above
      union all select p.id, p.parent_id from line join task p on p.id = line.above)
    select line.id from line where line.above is null)`;

/**
 * The holds of a task in the ledger. There is one, of its price, unless a window was confirmed: only such a task has
 * confirmed_at, or was sent twice. All others need no look into the ledger, which would double the cost of a sum.
 */
const CHARGE = `(
      case when t.confirmed_at is null and t.send_attempt < 2 then t.price
      else (select coalesce(-sum(l.amount), 0) from ledger l where l.task_id = t.id and l.kind = 'hold') end)`;

/** Every task, one row each. All other views of tasks are sums over this one. */
export const TASKS: Report = {
  name: 'tasks',
  kind: 'view',
  sql: `
    create view report.tasks as
    select t.id as task_id, t.submitted_at, t.started_at, t.finished_at,
      coalesce(${LAST_PROGRESS}, t.submitted_at) as last_progress_at,
      t.action, t.mode,
      case when t.refused then 'REFUSED' else t.status end as status,
      t.progress as progress_pct,
      t.finished_at is not null as is_terminal,
      t.status = 'SUCCESS' as is_success,
      k.label as api_key,
      ${UPSTREAM_LABEL} as upstream,
      t.parent_id as parent_task_id,
      ${ROOT} as root_task_id,
      t.state as client_state,
      ${seconds('t.submitted_at', 't.started_at')} as queue_seconds,
      ${seconds('t.started_at', 't.finished_at')} as run_seconds,
      ${seconds('t.submitted_at', 't.finished_at')} as total_seconds,
      t.fail_code,
      ${FAIL_REASON} as fail_reason,
      kept.files as image_count,
      kept.bytes as image_bytes,
      ${CHARGE} as charge_amount,
      ${CHARGE} - t.cost as refund_amount,
      t.cost as net_amount,
      length(t.prompt) as prompt_length
    from task t
      join ${KEYS} k on k.id = t.api_key_id
      left join upstream u on u.id = t.upstream_id
      left join lateral (
        select count(*)::integer as files, coalesce(sum(a.bytes), 0)::bigint as bytes
        from asset a where a.task_id = t.id and a.kept_at is not null) kept on true`,
  about: 'Every task, one row each: who asked, what for, how long it took, how it ended, what it cost.',
  columns: {
    task_id: 'The id clients know.',
    submitted_at: 'When it was opened. Its UTC day is the day of the task in every view.',
    started_at: 'When an upstream took it; null until then.',
    finished_at: 'When it ended; null until then.',
    last_progress_at: 'When it last moved on: sent, taken, progress, the end.',
    action: 'IMAGINE, UPSCALE, VARIATION, ...',
    mode: 'RELAX, FAST or TURBO.',
    status:
      'NOT_START, MODAL (a window waits), SUBMITTED, IN_PROGRESS, SUCCESS, FAILURE, CANCEL, or REFUSED: declined before any work, never shown to clients, not a failure.',
    progress_pct: 'Percent; 100 if and only if it has ended.',
    is_terminal: 'True once it has ended.',
    is_success: 'True if it ended in SUCCESS.',
    api_key: 'Name of the key; a later key of the same name has its number added.',
    upstream: 'Name of the upstream that has it or will get it; null: none chosen. A removed one has its number added.',
    parent_task_id: 'The task whose button was pressed.',
    root_task_id: 'The task at the top of its family; its own id where it has no parent.',
    client_state: "The client's own text (state). It may hold personal data, if clients put some there.",
    queue_seconds: 'Seconds from submit to start; null before.',
    run_seconds: 'Seconds from start to end; null before.',
    total_seconds: 'Seconds from submit to end; null before.',
    fail_code:
      'Why: refused, banned, upstream_failed, timeout, missing, outcome_unknown, queue_timeout, input_unavailable, admin; cancelled with CANCEL; null: neither failed, refused nor cancelled.',
    fail_reason: 'The same in words, some of them the upstream\'s. Links are cut out, and the prompt reads "[prompt]".',
    image_count: 'Pictures and videos that were kept.',
    image_bytes: 'Bytes of those.',
    charge_amount: 'Credits taken for it: the holds in the ledger. A window that is confirmed is held anew.',
    refund_amount: 'Credits given back.',
    net_amount: 'Credits kept: charge less refund, and what the ledger says of this task.',
    prompt_length: 'Characters of the prompt. Prompts themselves are in no view.',
  },
};
