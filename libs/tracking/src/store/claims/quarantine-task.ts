import type { EventSource } from '../../task/event.js';
import { statement } from '#libs/database';
import { movePolls } from '../fragments/polls.js';
import { recordEvents } from '../fragments/task-events.js';

/** Quarantines a task that cannot be saved: delays its next poll or look-up, and writes one event per version. */
export const QUARANTINE_TASK = statement<{ taskId: string; delayMs: number; source: EventSource; why: string }, object>(
  {
    name: 'task_set_aside',
    pool: 'work',
    text: `
    with aside as (
      update task set
        next_poll_at = case when next_poll_at is not null then now() + :delayMs::integer * interval '1 ms' end,
        look_up_at = case when look_up_at is not null then now() + :delayMs::integer * interval '1 ms' end
      where id = :taskId and finished_at is null
      returning id, version, status, progress, next_poll_at
    ), polls as (
      ${movePolls('aside')}
    )
    ${recordEvents('aside', {
      kind: "'unsaved'",
      source: ':source',
      detail: "jsonb_build_object('why', :why::text)",
      where: `not exists (
        select from task_event e where e.task_id = aside.id and e.version = aside.version and e.kind = 'unsaved')`,
    })}`,
  },
);
