import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** The task, its timeline, and the input of tasks that wait. */
export class CreateTasks1795000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table task (
        id bigint primary key,
        api_key_id bigint not null references api_key (id),
        action text not null,
        mode text not null check (mode in ('RELAX', 'FAST', 'TURBO')),
        bot_type text not null check (bot_type in ('MID_JOURNEY', 'NIJI_JOURNEY', 'INSIGHT_FACE')),
        status text not null
          check (status in ('NOT_START', 'MODAL', 'SUBMITTED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'CANCEL')),
        progress smallint not null default 0 check (progress between 0 and 100),
        version integer not null default 0,
        prompt text not null default '',
        prompt_en text not null default '',
        final_prompt text not null default '',
        final_zh_prompt text not null default '',
        description text not null default '',
        state text not null default '',
        parent_id bigint references task (id),
        alias_of bigint references task (id),
        batch_id bigint,
        custom_id text not null default '',
        repeat_key text,
        upstream_id bigint references upstream (id),
        upstream_task_id text,
        fail_code text check (fail_code in ('refused', 'banned', 'upstream_failed', 'timeout', 'missing', 'outcome_unknown',
          'queue_timeout', 'input_unavailable', 'cancelled', 'admin')),
        fail_reason text not null default '',
        refused boolean not null default false,
        price numeric(18, 6) not null default 0 check (price >= 0),
        cost numeric(18, 6) not null default 0 check (cost between 0 and price),
        is_counted boolean not null default false,
        has_slot boolean not null default false,
        waiting boolean not null default false,
        wait_until timestamptz,
        notify_hook text,
        notify_terminal_only boolean not null default false,
        base_url text not null,
        request_id text not null default '',
        idem_route text,
        idem_key text,
        idem_print text,
        answer jsonb,
        submitted_at timestamptz not null default date_trunc('milliseconds', now()),
        started_at timestamptz,
        finished_at timestamptz,
        confirmed_at timestamptz,
        cancel_asked_at timestamptz,
        send_attempt smallint not null default 0,
        sent_at timestamptz,
        send_deadline timestamptz,
        look_up_at timestamptz,
        look_up_noes smallint not null default 0,
        last_no_at timestamptz,
        next_poll_at timestamptz,
        polled_at timestamptz,
        hinted_at timestamptz,
        quiet_polls smallint not null default 0,
        missing_since timestamptz,
        deadline_at timestamptz,
        buttons jsonb,
        message_id text,
        message_hash text,
        image_url text,
        picture_count smallint not null default 0 check (picture_count between 0 and 64),
        pictures_from text check (pictures_from in ('crop', 'upstream')),
        video_count smallint not null default 0 check (video_count between 0 and 64),
        seed text,
        check ((status in ('SUCCESS', 'FAILURE', 'CANCEL')) = (finished_at is not null)),
        check ((status in ('SUCCESS', 'FAILURE', 'CANCEL')) = (progress = 100)),
        check ((status = 'FAILURE') = (fail_code is not null and fail_code <> 'cancelled')),
        check (status = 'FAILURE' or fail_reason = ''),
        check (not waiting or (status in ('NOT_START', 'SUBMITTED') and not has_slot)),
        check (finished_at is null or not (has_slot or is_counted or waiting)),
        check (finished_at is null or next_poll_at is null),
        check ((picture_count > 0) = (pictures_from is not null)),
        check (started_at >= submitted_at),
        check (finished_at >= submitted_at)
      ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
      create unique index task_upstream on task (upstream_id, upstream_task_id);
      create unique index task_idem on task (api_key_id, idem_route, idem_key) where idem_key is not null;
      create unique index task_repeat on task (api_key_id, repeat_key)
        where repeat_key is not null and status not in ('FAILURE', 'CANCEL');
      create index task_of_key on task (api_key_id, submitted_at desc, id desc);
      create index task_unfinished on task (api_key_id, submitted_at, id) where finished_at is null;
      create index task_served on task (api_key_id, sent_at) where sent_at is not null;
      create index task_submitted on task (submitted_at);
      create index task_parent on task (parent_id) where parent_id is not null;
      create index task_alias on task (alias_of) where alias_of is not null;
      create index task_due on task (upstream_id, next_poll_at) where next_poll_at is not null;
      create index task_look_up on task (look_up_at) where look_up_at is not null;
      create index task_waiting on task (submitted_at, id) where waiting;
      create index task_open_window on task (submitted_at) where status = 'MODAL';
      create index task_idem_old on task (submitted_at) where idem_key is not null;

      create table task_event (
        id bigint generated always as identity primary key,
        task_id bigint not null references task (id) on delete cascade,
        at timestamptz not null default now(),
        version integer not null,
        kind text not null,
        source text not null check (source in ('api', 'sender', 'dispatcher', 'poller', 'push', 'reconciler', 'admin', 'clock')),
        status text not null,
        progress smallint not null,
        detail jsonb not null default '{}'
      );
      create index task_event_task on task_event (task_id, id);

      create table task_input (
        task_id bigint primary key references task (id) on delete cascade,
        api_key_id bigint not null,
        body bytea not null,
        bytes integer not null,
        created_at timestamptz not null default now()
      );
      create index task_input_key on task_input (api_key_id) include (bytes);`);
    await this.comment(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table task_input, task_event, task');
  }

  private async comment(runner: QueryRunner): Promise<void> {
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        id: 'The id clients know: day since 1970 * 3e11 + 38 random bits.',
        api_key_id: 'Whose task.',
        action: 'IMAGINE, UPSCALE, VARIATION, ...',
        mode: 'Speed that is billed and was sent.',
        bot_type: 'MID_JOURNEY, NIJI_JOURNEY or INSIGHT_FACE.',
        status: 'NOT_START, MODAL (a window waits), SUBMITTED, IN_PROGRESS; SUCCESS, FAILURE, CANCEL are for ever.',
        progress: 'Percent; 100 if and only if finished.',
        version: 'Counts visible changes; every change compares and sets it.',
        prompt: 'As the client typed it.',
        prompt_en: 'As the upstream understood it.',
        final_prompt: 'As Midjourney echoed it; of a window: its text.',
        final_zh_prompt: 'Chinese form of it, where the upstream gives one.',
        description: 'What the upstream calls the work.',
        state: "The client's own text, echoed.",
        parent_id: 'The task whose button was pressed.',
        alias_of: 'The task of the same key that this repeat follows.',
        batch_id: 'First id of several tasks made by one submit.',
        custom_id: 'The button that was pressed.',
        repeat_key: 'parent:kind:index of an upscale; one unfinished or successful task per key.',
        upstream_id: 'Where it was sent, or will be.',
        upstream_task_id: 'Its id there; null until known.',
        fail_code:
          'Why it failed: refused, banned, upstream_failed, timeout, missing, outcome_unknown, queue_timeout, input_unavailable, admin; cancelled with CANCEL.',
        fail_reason: 'The same in words, as the client sees it.',
        refused: 'True: declined by the upstream before any work; not shown to clients, not counted as failed.',
        price: 'Credits held when it was opened.',
        cost: 'Credits kept now: price less refund.',
        is_counted: 'True while it counts in account.running.',
        has_slot: 'True while it holds a slot in upstream_load.',
        waiting: 'True: opened, not yet sent, because every suitable upstream was full.',
        wait_until: 'A waiting task is not sent before then; null: as soon as there is a slot.',
        notify_hook: 'URL that is told of changes.',
        notify_terminal_only: 'True: told of the end only.',
        base_url: 'Start of the links in its hooks.',
        request_id: 'Request that opened it.',
        idem_route: 'Route of its Idempotency-Key, without mode prefix.',
        idem_key: 'Idempotency-Key of its submit; cleared after 24 h.',
        idem_print: "SHA-256 of that submit's parsed body and mode.",
        answer: 'What that submit was answered; a replay gets it again.',
        submitted_at: 'When it was opened, to the millisecond: dates of programs carry no more.',
        started_at: 'When an upstream took it, by our clock.',
        finished_at: 'When it ended, by our clock.',
        confirmed_at: 'When its window was confirmed.',
        cancel_asked_at: 'When its upstream was asked to stop; its FAILURE reads CANCEL from then on.',
        send_attempt: 'How many sends were begun; each knows its number.',
        sent_at: 'When the last send began.',
        send_deadline: 'When that send has an answer at the latest.',
        look_up_at: 'When the reconciler asks the upstream whether it has this task; null: nothing is unclear.',
        look_up_noes: 'Conclusive noes so far; two end the task.',
        last_no_at: 'When the last of them came.',
        next_poll_at: 'When it is polled next, or until when a poller has it; null: not polled.',
        polled_at: 'Last time an upstream answered about it.',
        hinted_at: 'Last push from its upstream; only a reason to poll.',
        quiet_polls: 'Polls in a row that brought nothing new.',
        missing_since: 'Since when its upstream no longer lists it.',
        deadline_at: 'When it ends in timeout; moved on by outages.',
        buttons: 'Buttons of the result, as Midjourney gave them.',
        message_id: 'Midjourney message, where the upstream gives it.',
        message_hash: 'Midjourney job, where the upstream gives it.',
        image_url: "The upstream's link to preview or picture; clients never see it.",
        picture_count: 'Single pictures under /mj/image/{id}/{n}.',
        pictures_from: "Where those come from: cropped out of the grid, or the upstream's own.",
        video_count: 'Videos under /mj/video/{id}/{n}.',
        seed: 'Seed, once asked for.',
      },
    );
    await describe(runner, 'task_event', 'The timeline of every task: each change, its source and time.', {
      id: 'Order of events.',
      task_id: 'The task.',
      at: "When, by the database's clock.",
      version: 'Version of the task after the change.',
      kind: 'What happened: opened, sent, accepted, queued, window, refused, progress, succeeded, failed, ...',
      source: 'Who found it out.',
      status: 'Status after it.',
      progress: 'Progress after it.',
      detail: 'More, depending on kind.',
    });
    await describe(
      runner,
      'task_input',
      'What a waiting task will send, pictures included; deleted as soon as it is sent or ended.',
      {
        task_id: 'The task.',
        api_key_id: 'Whose; at most 256 MiB per key.',
        body: 'The command to send, JSON in UTF-8.',
        bytes: 'Its size.',
        created_at: 'When it was put aside.',
      },
    );
  }
}
