import { putPast, putRight, statement } from '#libs/database';

/** Puts right when links of inputs end, after the clock was set back. */
export const SET_BACK_INPUTS = statement<{ byMs: number }, object>({
  name: 'input_set_back',
  pool: 'work',
  text: `
    with late as materialized (
      select token_hash from input_picture where published_at > now() order by token_hash for no key update skip locked)
    update input_picture i set ${putRight('expires_at')}, ${putPast('published_at', 'fetched_at')} from late
    where i.token_hash = late.token_hash`,
});
