import { putPast, statement } from '#libs/database';

/** Ends submit minutes that would last for hours, after the database's clock was set back. */
export const SET_BACK_ACCOUNTS = statement<{ byMs: number }, object>({
  name: 'account_set_back',
  pool: 'work',
  text: `
    with late as materialized (
      select api_key_id from account where window_at > now() order by api_key_id for no key update skip locked)
    update account a set ${putPast('window_at')} from late where a.api_key_id = late.api_key_id`,
});
