import type { Statement } from '#libs/database';
import { publicColumns } from '../../task/public-task.js';
import { PIECE_BYTES, bytesBefore, placesOfPage } from './page-pieces.js';
import { VISIBLE } from '../fragments/visible.js';

/** How many tasks a page looks at in one statement, however few of them pass its filters. */
export const LOOKED_AT = 5_000;

/**
 * Along which index the tasks of a page are looked at. Whatever is asked for, the others are filters on what is looked at:
 * an index for each combination would cost every submit more than the longest walk costs whoever asks for it.
 */
export type PageWay = 'newest' | 'state' | 'unfinished' | 'fruitless';

const WAYS: Readonly<Record<PageWay, string>> = {
  // task_of_key
  newest: '',
  // task_of_state. By a hash: a state may be longer than an index takes, and most are names that occur once.
  state: `and hashtextextended(state, 0) = hashtextextended($7::text, 0) and state <> ''`,
  // task_unfinished, backwards
  unfinished: 'and finished_at is null',
  // task_fruitless
  fruitless: `and status = $4::text and status in ('FAILURE', 'CANCEL')`,
};

/**
 * A piece of a page of a key's tasks, newest first. submitted_us is submitted_at in whole microseconds: a Date would lose
 * the last three digits, and with them tasks of the same millisecond. The last task that was looked at comes too, with
 * `matches` false where the filters leave it out, so that the next piece goes on behind it; `found` is how many there
 * were before the longest of them were left to the next piece.
 *
 * $1 key · $2 submitted_us and $3 id of the last task before (null and the largest id: from the newest) ·
 * $4 status, $5 action, $6 mode, $7 state, null: any · $8 most · $9 LOOKED_AT: as a parameter, for of a number in the text
 * Postgres would know that a young table has no more, sort all of it, and keep that plan when it has millions
 */
function listOwn(way: PageWay): Statement {
  return {
    name: `task_list_own_${way}`,
    pool: 'http',
    text: `
      with page as materialized (
        select ${publicColumns('t')}, t.matches, t.looked,
          (extract(epoch from t.submitted_at) * 1000000)::bigint as "submittedUs",
          count(*) over ()::int as found, ${bytesBefore('t', 't.submitted_at desc, t.id desc')}
        from (
          select * from (
            select l.*, ${VISIBLE} and ($4::text is null or l.status = $4) and ($5::text is null or l.action = $5)
              and ($6::text is null or l.mode = $6) and ($7::text is null or l.state = $7) as matches
            from (
              select k.*, row_number() over (order by k.submitted_at desc, k.id desc) as looked
              from (
                select * from task
                where api_key_id = $1 and (submitted_at, id)
                  < (coalesce('epoch'::timestamptz + $2::bigint * interval '1 microsecond', 'infinity'), $3::bigint)
                  ${WAYS[way]}
                order by submitted_at desc, id desc limit $9) k) l) m
          where m.matches or m.looked = $9
          order by m.submitted_at desc, m.id desc limit $8) t),
      place as materialized (
        ${placesOfPage()})
      select page.*, place.position as "queuePosition" from page left join place using (id)
      where page.bytes_before < ${PIECE_BYTES}
      order by page."submittedAt" desc, page.id desc`,
  };
}

/** By the way that the tasks are looked at. */
export const LIST_OWN: Readonly<Record<PageWay, Statement>> = {
  newest: listOwn('newest'),
  state: listOwn('state'),
  unfinished: listOwn('unfinished'),
  fruitless: listOwn('fruitless'),
};

/**
 * A piece of a key's unfinished tasks, oldest first, along the index task_unfinished: $1 key · $2 submitted_us and $3 id of
 * the last task before (null and 0: from the oldest) · $4 most. The places of those that wait are counted once for all of
 * them.
 */
export const QUEUE_OWN: Statement = {
  name: 'task_queue_own',
  pool: 'http',
  text: `
    with page as materialized (
      select ${publicColumns('t')}, (extract(epoch from t.submitted_at) * 1000000)::bigint as "submittedUs",
        count(*) over ()::int as found, ${bytesBefore('t', 't.submitted_at, t.id')}
      from (
        select * from task
        where api_key_id = $1 and finished_at is null and ${VISIBLE} and (submitted_at, id)
          > (coalesce('epoch'::timestamptz + $2::bigint * interval '1 microsecond', '-infinity'), $3::bigint)
        order by submitted_at, id limit $4) t),
    place as materialized (
      ${placesOfPage()})
    select page.*, place.position as "queuePosition" from page left join place using (id)
    where page.bytes_before < ${PIECE_BYTES}
    order by page."submittedAt", page.id`,
};
