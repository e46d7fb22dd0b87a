import { dayOf, NO_UPSTREAM, ratio } from './fragments.js';
import type { Report } from './report.js';

export const FAILURE_REASONS_DAILY: Report = {
  name: 'failure_reasons_daily',
  kind: 'view',
  sql: `
    create view report.failure_reasons_daily as
    select ${dayOf('t.submitted_at')} as day, t.fail_code, t.action, t.mode, coalesce(t.upstream, '${NO_UPSTREAM}') as upstream,
      count(*) as failures,
      count(distinct t.api_key) as api_keys_affected,
      sum(t.refund_amount) as refunded,
      min(t.finished_at) as first_seen_at,
      max(t.finished_at) as last_seen_at,
      (array_agg(t.fail_reason order by t.finished_at desc, t.task_id desc))[1] as sample_reason
    from report.tasks t
    where t.status = 'FAILURE'
    group by ${dayOf('t.submitted_at')}, t.fail_code, t.action, t.mode, coalesce(t.upstream, '${NO_UPSTREAM}')`,
  about: 'Failed tasks by UTC day of submission and by why they failed. The sum of a day is failed of task_daily.',
  columns: {
    day: 'UTC day of submitted_at.',
    fail_code:
      'upstream_failed, timeout, missing, outcome_unknown, queue_timeout, input_unavailable, admin; refused or banned of a task that had waited.',
    action: 'IMAGINE, UPSCALE, VARIATION, ...',
    mode: 'RELAX, FAST or TURBO.',
    upstream: `Name of the upstream; ${NO_UPSTREAM}: none chosen.`,
    failures: 'How many.',
    api_keys_affected: 'Of how many keys.',
    refunded: 'Credits given back for them.',
    first_seen_at: 'When the first of them failed.',
    last_seen_at: 'When the last of them failed.',
    sample_reason: 'Words of the last one. Links are cut out, and the prompt reads "[prompt]".',
  },
};

export const SLA_DAILY: Report = {
  name: 'sla_daily',
  kind: 'view',
  sql: `
    create view report.sla_daily as
    select day, mode, target_seconds, target_ratio, measured, within_target,
      ${ratio('within_target', 'measured')} as attained_ratio,
      round((1 - within_target::numeric / nullif(measured, 0)) / nullif(1 - target_ratio, 0), 4) as error_budget_burn
    from (
      select ${dayOf('t.submitted_at')} as day, t.mode, s.target_seconds, s.target_ratio,
        count(*) filter (where t.status in ('SUCCESS', 'FAILURE')) as measured,
        count(*) filter (where t.status = 'SUCCESS' and t.total_seconds <= s.target_seconds) as within_target
      from report.tasks t
        join sla_target s on s.mode = t.mode
      group by ${dayOf('t.submitted_at')}, t.mode, s.target_seconds, s.target_ratio) as sums`,
  about:
    "How far each mode kept its target, by UTC day of submission. Targets are today's (PUT /admin/sla), for all days.",
  columns: {
    day: 'UTC day of submitted_at.',
    mode: 'RELAX, FAST or TURBO.',
    target_seconds: 'Seconds from submit within which a task should succeed.',
    target_ratio: 'Share of tasks that should.',
    measured: 'Tasks that succeeded or failed; open, cancelled and refused ones do not count.',
    within_target: 'Tasks that succeeded in time.',
    attained_ratio: 'within_target / measured; null of none.',
    error_budget_burn: 'Share missed / share that may be missed; above 1 the target is missed. Null: none may be.',
  },
};
