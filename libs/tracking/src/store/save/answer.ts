import { statement } from '#libs/database';

/** Stores the reply to a submit that waits, unless its send has stored one already. */
export const KEEP_ANSWER = statement<{ taskId: string; answer: string }, object>({
  name: 'task_keep_answer',
  pool: 'http',
  text: 'update task set answer = :answer::jsonb where id = :taskId and answer is null',
});
