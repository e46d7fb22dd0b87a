import { dayOf, KEYS, MONTHS, ratio } from './fragments.js';
import type { Report } from './report.js';

export const API_KEY_DAILY: Report = {
  name: 'api_key_daily',
  kind: 'view',
  sql: `
    create view report.api_key_daily as
    select s.day, s.api_key,
      case
        when key.revoked_at <= now() then 'revoked'
        when key.expires_at <= now() then 'expired'
        else 'active' end as key_status,
      s.submitted, s.succeeded, s.failed, s.charged, s.charged - s.spend as refunded, s.spend,
      a.daily_tasks as daily_task_limit,
      ${ratio('s.submitted - s.refused', 'a.daily_tasks')} as daily_limit_used_ratio,
      s.refused
    from (
      select ${dayOf('t.submitted_at')} as day, t.api_key,
        count(*) as submitted,
        count(*) filter (where t.status = 'SUCCESS') as succeeded,
        count(*) filter (where t.status = 'FAILURE') as failed,
        count(*) filter (where t.status = 'REFUSED') as refused,
        sum(t.charge_amount) as charged,
        sum(t.net_amount) as spend
      from report.tasks t
      group by ${dayOf('t.submitted_at')}, t.api_key) as s
      join ${KEYS} k on k.label = s.api_key
      join api_key key on key.id = k.id
      left join account a on a.api_key_id = k.id`,
  about: 'Tasks and credits by UTC day of submission and key, beside its daily limit.',
  columns: {
    day: 'UTC day of submitted_at.',
    api_key: 'Name of the key; a later key of the same name has its number added.',
    key_status: 'active, expired or revoked, now.',
    submitted: 'Tasks submitted on that day, however they ended.',
    succeeded: 'Of those, ended in SUCCESS.',
    failed: 'Ended in FAILURE; refused ones not counted.',
    charged: 'Credits taken for them.',
    refunded: 'Credits given back.',
    spend: 'Credits kept: charged less refunded.',
    daily_task_limit: 'Most tasks in a UTC day (dailyTasks), as it is now; null: no limit.',
    daily_limit_used_ratio: 'Tasks of the day, without refused ones, / daily_task_limit; null: no limit.',
    refused: 'Declined before any work.',
  },
};

export const SPEND_MONTHLY: Report = {
  name: 'spend_monthly',
  kind: 'view',
  sql: `
    create view report.spend_monthly as
    select s.month, s.api_key, s.action, s.mode, s.tasks, s.charged, s.charged - s.spend as refunded, s.spend,
      a.monthly_spend as monthly_spend_limit
    from (
      select m.month, t.api_key, t.action, t.mode, count(*) as tasks, sum(t.charge_amount) as charged,
        sum(t.net_amount) as spend
      from ${MONTHS} m
        join report.tasks t on t.submitted_at >= m.starts_at and t.submitted_at < m.ends_at
      group by m.month, t.api_key, t.action, t.mode) as s
      join ${KEYS} k on k.label = s.api_key
      left join account a on a.api_key_id = k.id`,
  about:
    'Credits by UTC month of submission, key, action and mode. Always exact; for many months of many tasks sum task_daily_rollup instead.',
  columns: {
    month: 'First day of the UTC month of submitted_at.',
    api_key: 'Name of the key; a later key of the same name has its number added.',
    action: 'IMAGINE, UPSCALE, VARIATION, ...',
    mode: 'RELAX, FAST or TURBO.',
    tasks: 'Tasks submitted in that month, however they ended.',
    charged: 'Credits taken for them.',
    refunded: 'Credits given back, whenever that was.',
    spend: 'Credits kept: charged less refunded.',
    monthly_spend_limit:
      'Most credits of the key in a UTC month (monthlySpend), all actions and modes together; null: no limit.',
  },
};
