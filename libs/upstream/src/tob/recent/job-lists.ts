import type { JsonObject } from '../../json/json-field.js';
import { idOf, isObject } from '../../json/json-field.js';
import { momentOf } from '../job/moment.js';
import type { TobProfile } from '../profile.js';
import type { ListedJob } from './recent-jobs.js';

const PAGE_SIZE = 200;
/** A job that was paid for some time after it was begun is listed all the same. */
const EARLIER_MS = 60_000;
const LIST_NAMES = ['tasks', 'list', 'costs', 'items', 'records', 'rows', 'data'] as const;

/**
 * The path of the list that may show a lost submit: LegNext's active tasks, Youchuan's costs since then. `since` null: the
 * newest.
 */
export function listPath({ vendor }: TobProfile, since: Date | null): string {
  if (vendor === 'legnext') return '/account/active_tasks';
  const query = new URLSearchParams({ pageNo: '1', pageSize: String(PAGE_SIZE) });
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
