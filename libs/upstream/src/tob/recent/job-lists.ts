import type { HttpAnswer } from '../../http/http-answer.js';
import { idOf, isObject, type JsonObject } from '../../json/json-field.js';
import { UpstreamCallError } from '../../port/outcome.js';
import { readBody } from '../job/job-answer.js';
import { momentOf } from '../job/moment.js';
import type { TobProfile } from '../profile.js';
import type { ListedJob } from './recent-jobs.js';

const PAGE_SIZE = 200;
const MOST_PAGES = 5;
/** A job that was paid for some time after it was begun is listed all the same. */
const EARLIER_MS = 60_000;
const LIST_NAMES = ['tasks', 'list', 'costs', 'items', 'records', 'rows', 'data'] as const;

/**
 * Reads the list that may show a lost submit; null: the vendor has none. No page of Youchuan says how a time is written: where
 * it declines one, all costs are read. A later page that fails ends the list, and the pages before it count.
 * @param ask reads a path @throws UpstreamCallError for the first page
 */
export async function readList(
  profile: TobProfile,
  since: Date | null,
  ask: (path: string) => Promise<HttpAnswer>,
): Promise<ListedJob[] | null> {
  let from = since;
  let first = await ask(listPath(profile, from));
  if (first.status === 400 && from !== null) {
    from = null;
    first = await ask(listPath(profile, from));
  }
  if (first.status === 404) return null;
  const listed = jobsIn(first);
  let length = listed.length;
  for (let page = 2; page <= MOST_PAGES && length >= PAGE_SIZE && since !== null; page += 1) {
    const more = await orNone(ask(listPath(profile, from, page)));
    listed.push(...more);
    length = more.length;
  }
  return listed;
}

async function orNone(answer: Promise<HttpAnswer>): Promise<ListedJob[]> {
  try {
    return jobsIn(await answer);
  } catch (error) {
    if (error instanceof UpstreamCallError) return [];
    throw error;
  }
}

function jobsIn(answer: HttpAnswer): ListedJob[] {
  const jobs = listedJobs(readBody(answer));
  if (jobs === null) throw new UpstreamCallError('unexpected');
  return jobs;
}

/** The path of a page: LegNext's active tasks, Youchuan's costs since then. `since` null: all, the newest first. */
export function listPath({ vendor }: TobProfile, since: Date | null, page = 1): string {
  if (vendor === 'legnext') return '/account/active_tasks';
  const query = new URLSearchParams({ pageNo: String(page), pageSize: String(PAGE_SIZE) });
  if (since !== null) query.set('since', new Date(since.getTime() - EARLIER_MS).toISOString());
  return `/costs?${query.toString()}`;
}

/** The jobs of that list; null where the answer has no list. */
export function listedJobs(body: JsonObject): ListedJob[] | null {
  const list = listIn(body) ?? listIn(isObject(body['data']) ? body['data'] : {});
  if (list === null) return null;
  return list.filter(isObject).flatMap((item) => {
    const jobId = idOf(item['job_id']) ?? idOf(item['jobId']) ?? idOf(item['id']);
    const at = momentOf(item['created_at']) ?? momentOf(item['costAt']) ?? momentOf(item['createdAt']);
    return jobId === null ? [] : [{ jobId, at }];
  });
}

function listIn(body: JsonObject): unknown[] | null {
  const found = LIST_NAMES.map((name) => body[name]).find((value) => Array.isArray(value));
  return Array.isArray(found) ? (found as unknown[]) : null;
}
