import type { Statement } from '#libs/database';

/** Keeps the answer to a submit that waits, where its send has not kept one yet: $1 id · $2 answer. */
export const KEEP_ANSWER: Statement = {
  name: 'task_keep_answer',
  pool: 'http',
  text: 'update task set answer = $2::jsonb where id = $1 and answer is null',
};
