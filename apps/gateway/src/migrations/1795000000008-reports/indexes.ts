import { dayOf } from './fragments.js';

/**
 * What the views need beyond the indexes that the gateway has for itself.
 *
 * task_day: `where day = ...` and ranges of it on task_daily, failure_reasons_daily, api_key_daily, sla_daily, hook_daily.
 *   Equal days share one entry, and new ones go to its end. Lists of a key's tasks use task_of_key, spans of time
 *   task_submitted, what is unfinished task_unfinished.
 * upstream_call_day: `where day = ...` on upstream_daily.
 * hook_dead: hook_dead_letters and hook_hosts. A delivery that lives never touches it.
 */
export const REPORT_INDEXES = `
  create index task_day on task ((${dayOf('submitted_at')}));
  create index upstream_call_day on upstream_call ((${dayOf('at')}));
  create index hook_dead on hook_delivery (created_at) where state = 'dead'`;

export const DROP_REPORT_INDEXES = 'drop index task_day, upstream_call_day, hook_dead';
