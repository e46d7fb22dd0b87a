import { isAhead, putRight, statement } from '#libs/database';

/** Puts right when pictures are kept next, after the clock was set back. */
export const SET_BACK_PICTURES = statement<{ byMs: number }, object>({
  name: 'asset_set_back',
  pool: 'work',
  text: `
    with late as materialized (
      select task_id, kind, n from asset where ${isAhead('next_at')} order by task_id, kind, n for no key update skip locked)
    update asset a set ${putRight('next_at')} from late
    where a.task_id = late.task_id and a.kind = late.kind and a.n = late.n`,
});

/** The same of files that are to be deleted. */
export const SET_BACK_DOOMED = statement<{ byMs: number }, object>({
  name: 'asset_set_back_doomed',
  pool: 'work',
  text: `
    with late as materialized (
      select file from doomed_file where ${isAhead('next_at')} order by file for no key update skip locked)
    update doomed_file d set ${putRight('next_at')} from late where d.file = late.file`,
});
