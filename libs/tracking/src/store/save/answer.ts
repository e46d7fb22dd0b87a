import { statement } from '#libs/database';

/** Keeps the answer to a submit that waits, where its send has not kept one yet. */
export const KEEP_ANSWER = statement<{ taskId: string; answer: string }, object>({
  name: 'task_keep_answer',
  pool: 'http',
  text: 'update task set answer = :answer::jsonb where id = :taskId and answer is null',
});
