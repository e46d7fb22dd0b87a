import type { Client } from 'pg';
import { newTaskId } from '#libs/wire';
import type { Installation } from './installation.js';

export interface Stock {
  count: number;
  /** Key and upstream of the tasks. */
  keyId: string;
  upstreamId: string;
}

const BUTTONS = ['upsample', 'variation'].flatMap((kind) =>
  [1, 2, 3, 4].map((n) => ({
    customId: `MJ::JOB::${kind}::${n}::3f1b7c52-9e0d-4f6a-8f0a-1c2d3e4f5a6b`,
    emoji: '',
    label: `${kind === 'upsample' ? 'U' : 'V'}${n}`,
    type: 2,
    style: 2,
  })),
);

/** Like those of the gateway, which compares them as dates of JavaScript. */
const AT = "date_trunc('milliseconds', now())";

const PROMPT = `'a lighthouse on a cliff at dusk, long exposure, soft light, number ' || n || ' --ar 3:2 --v 6.1'`;

/** Puts finished imagines of a key in; gives their ids. */
export async function stockFinished(sql: Client, { count, keyId, upstreamId }: Stock): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into task (id, api_key_id, action, mode, bot_type, status, progress, version, prompt, prompt_en, final_prompt,
        description, state, upstream_id, upstream_task_id, price, cost, base_url, request_id, submitted_at, started_at,
        finished_at, sent_at, send_attempt, polled_at, buttons, message_id, message_hash, image_url, picture_count, pictures_from)
      select $1::bigint + n * 7919, $2, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUCCESS', 100, 7, ${PROMPT}, ${PROMPT}, ${PROMPT},
        '/imagine ' || ${PROMPT}, 'order ' || n, $3, $1::text || '-' || n, 0.1, 0.1, 'http://127.0.0.1', 'bench',
        ${AT} - interval '2 hours', ${AT} - interval '119 minutes', ${AT} - interval '118 minutes',
        ${AT} - interval '2 hours', 1, now() - interval '118 minutes', $4::jsonb, '1300000000000000000',
        '3f1b7c52-9e0d-4f6a-8f0a-1c2d3e4f5a6b', 'http://127.0.0.1/' || n || '.png', 4, 'crop'
      from generate_series(1, $5::integer) n returning id`,
    [firstId(), keyId, upstreamId, JSON.stringify(BUTTONS), count],
  );
  await sql.query('vacuum (analyze) task');
  return rows.map(({ id }) => id);
}

/**
 * Puts tasks in that run since an hour, so that they are polled once a minute when they have been polled once; none is
 * due. Gives their ids.
 */
export async function stockRunning(sql: Client, { count, keyId, upstreamId }: Stock): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `with made as (
      insert into task (id, api_key_id, action, mode, bot_type, status, progress, version, prompt, prompt_en, description,
        upstream_id, upstream_task_id, price, cost, base_url, request_id, submitted_at, started_at, sent_at, send_attempt,
        polled_at, has_slot, is_counted, next_poll_at)
      select $1::bigint + n * 7919, $2, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'IN_PROGRESS', 0, 2, ${PROMPT}, ${PROMPT},
        '/imagine ' || ${PROMPT}, $3, $1::text || '-' || n, 0.1, 0.1, 'http://127.0.0.1', 'bench',
        ${AT} - interval '1 hour', ${AT} - interval '1 hour', ${AT} - interval '1 hour', 1,
        now(), true, true, now() + interval '1 day'
      from generate_series(1, $4::integer) n returning id, upstream_id, next_poll_at)
      insert into task_poll (task_id, upstream_id, due_at) select id, upstream_id, next_poll_at from made returning task_id as id`,
    [firstId(), keyId, upstreamId, count],
  );
  await sql.query('update account set running = running + $2 where api_key_id = $1', [keyId, count]);
  await sql.query('update upstream_load set running = running + $2 where upstream_id = $1', [upstreamId, count]);
  await sql.query('vacuum (analyze) task, task_poll');
  return rows.map(({ id }) => id);
}

/** What `stockFinished` and `stockRunning` need of an installation. */
export function stockOf({ keyId, upstreamId }: Installation, count: number): Stock {
  return { count, keyId, upstreamId };
}

function firstId(): string {
  return newTaskId(new Date(), 1 + Math.floor(Math.random() * 2 ** 37));
}
