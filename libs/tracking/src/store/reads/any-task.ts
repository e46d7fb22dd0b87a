import type { Statement } from '#libs/database';

/** Only for admins: it asks for no key. */
export const FIND_ANY: Statement = {
  name: 'task_find_any',
  pool: 'http',
  text: 'select * from task where id = $1',
};

/** The same of several: $1 ids. */
export const FIND_ANY_MANY: Statement = {
  name: 'task_find_any_many',
  pool: 'work',
  text: 'select * from task where id = any($1::bigint[])',
};
