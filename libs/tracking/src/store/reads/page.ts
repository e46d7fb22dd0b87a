import { statement, type TypedStatement } from '#libs/database';
import { publicColumns, type PublicTask } from '../../task/public-task.js';
import { PIECE_BYTES, bytesBefore, queuePositionsOfPage } from './page-pieces.js';
import { VISIBLE } from '../fragments/visible.js';

/** Most tasks that one statement scans for a page, however few of them pass the filters. */
export const SCAN_LIMIT = 5_000;

/**
 * The index along which the tasks of a page are scanned. Further filters apply to the scanned rows: an index for each
 * combination would cost every submit more than the longest scan costs its caller.
 */
export type PageIndex = 'newest' | 'state' | 'unfinished' | 'fruitless' | 'children';

const INDEX_CONDITIONS: Readonly<Record<PageIndex, string>> = {
  // task_of_key
  newest: '',
  // task_of_state, by a hash: a state may be longer than an index entry, and most states are names that occur once.
  state: `and hashtextextended(state, 0) = hashtextextended(:state::text, 0) and state <> ''`,
  // task_unfinished, backwards
  unfinished: 'and finished_at is null',
  // task_fruitless
  fruitless: `and status = :status::text and status in ('FAILURE', 'CANCEL')`,
  // task_parent: sorted, as one task has few follow-ups
  children: 'and parent_id = :parentId::bigint',
};

/** A task of a page; `found` is the number of tasks on the page before it was cut to a piece. */
export type PagedTask = PublicTask & { submittedUs: string; found: number };

/** A task that was scanned for a list, and whether it passes the filters. */
type ListedTask = PagedTask & { matches: boolean; looked: string };

/**
 * `submittedUs` (null: start at the newest) and `lastId` are the position of the last task before the page. A filter
 * that is null lets all tasks pass.
 */
interface ListParameters {
  apiKeyId: string;
  submittedUs: string | null;
  lastId: string;
  status: string | null;
  action: string | null;
  mode: string | null;
  state: string | null;
  /** A pattern of `like`, and an id where the text is one. */
  pattern: string | null;
  textId: string | null;
  from: Date | null;
  to: Date | null;
  parentId: string | null;
  limit: number;
  lookedAt: number;
}

type ListOwn = TypedStatement<ListParameters, ListedTask>;

/**
 * Reads a piece of a page of a key's tasks, newest first. submitted_us is submitted_at in whole microseconds: a Date
 * would lose the last three digits, and with them tasks of the same millisecond. The last scanned task is always
 * returned, with `matches` false if the filters exclude it, so that the next piece continues behind it; `found` is the
 * number of tasks before the longest were left to the next piece. `lookedAt` is SCAN_LIMIT. It is a parameter because
 * Postgres would see from a literal that a young table has no more rows, sort all of them, and keep that plan when the
 * table has millions.
 */
function listOwn(way: PageIndex): ListOwn {
  return statement<ListParameters, ListedTask>({
    name: `task_list_own_${way}`,
    pool: 'http',
    text: `
      with page as materialized (
        select ${publicColumns('t')}, t.matches, t.looked,
          (extract(epoch from t.submitted_at) * 1000000)::bigint as "submittedUs",
          count(*) over ()::int as found, ${bytesBefore('t', 't.submitted_at desc, t.id desc')}
        from (
          select * from (
            select l.*, ${VISIBLE} and (:status::text is null or l.status = :status) and (:action::text is null or l.action = :action)
              and (:mode::text is null or l.mode = :mode) and (:state::text is null or l.state = :state)
              and (:parentId::bigint is null or l.parent_id = :parentId)
              and (:pattern::text is null or l.prompt ilike :pattern or l.id = :textId::bigint) as matches
            from (
              select k.*, row_number() over (order by k.submitted_at desc, k.id desc) as looked
              from (
                select * from task
                where api_key_id = :apiKeyId and (submitted_at, id)
                  < (coalesce('epoch'::timestamptz + :submittedUs::bigint * interval '1 microsecond', 'infinity'), :lastId::bigint)
                  and submitted_at >= coalesce(:from::timestamptz, '-infinity') and submitted_at < coalesce(:to::timestamptz, 'infinity')
                  ${INDEX_CONDITIONS[way]}
                order by submitted_at desc, id desc limit :lookedAt) k) l) m
          where m.matches or m.looked = :lookedAt
          order by m.submitted_at desc, m.id desc limit :limit) t),
      place as materialized (
        ${queuePositionsOfPage()})
      select page.*, place.position as "queuePosition" from page left join place using (id)
      where page.bytes_before < ${PIECE_BYTES}
      order by page."submittedAt" desc, page.id desc`,
  });
}

/** The statements by the index that they scan. */
export const LIST_OWN: Readonly<Record<PageIndex, ListOwn>> = {
  newest: listOwn('newest'),
  state: listOwn('state'),
  unfinished: listOwn('unfinished'),
  fruitless: listOwn('fruitless'),
  children: listOwn('children'),
};

/**
 * Reads a piece of a key's unfinished tasks, oldest first, along the index task_unfinished, behind the position
 * `submittedUs` and `lastId` (null and 0: from the oldest). The queue positions of waiting tasks are counted once for
 * all of them.
 */
export const QUEUE_OWN = statement<
  { apiKeyId: string; submittedUs: string | null; lastId: string; limit: number },
  PagedTask
>({
  name: 'task_queue_own',
  pool: 'http',
  text: `
    with page as materialized (
      select ${publicColumns('t')}, (extract(epoch from t.submitted_at) * 1000000)::bigint as "submittedUs",
        count(*) over ()::int as found, ${bytesBefore('t', 't.submitted_at, t.id')}
      from (
        select * from task
        where api_key_id = :apiKeyId and finished_at is null and ${VISIBLE} and (submitted_at, id)
          > (coalesce('epoch'::timestamptz + :submittedUs::bigint * interval '1 microsecond', '-infinity'), :lastId::bigint)
        order by submitted_at, id limit :limit) t),
    place as materialized (
      ${queuePositionsOfPage()})
    select page.*, place.position as "queuePosition" from page left join place using (id)
    where page.bytes_before < ${PIECE_BYTES}
    order by page."submittedAt", page.id`,
});
