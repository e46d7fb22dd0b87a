import type { SelectQueryBuilder } from 'typeorm';
import type { Task } from '#libs/tracking';
import type { TaskFilterQuery } from './admin-task.query.dto.js';

/** The order of lists of tasks, newest first: its columns, of a query whose alias is `task`. */
export const POSITION = 'task.submittedAt, task.id';

/**
 * Adds what the filters ask for to a query whose alias is `task`. Only what is asked for stands in the statement, so that
 * Postgres can choose the index that fits.
 * @param after position of the last row that was read already: its time and its id
 */
export function restrictTasks(
  found: SelectQueryBuilder<Task>,
  filters: TaskFilterQuery,
  after: readonly string[] | null,
): SelectQueryBuilder<Task> {
  const { status, action, mode, keyId, upstreamId, from, to, q, state, parentId, failureKind } = filters;
  const asksForRefused = failureKind?.some((kind) => kind === 'refused' || kind === 'banned') === true;
  const refused = filters.refused ?? (asksForRefused ? undefined : false);
  if (after !== null) found.andWhere(`(${POSITION}) < (:at, :id)`, { at: after[0], id: after[1] });
  if (refused !== undefined) found.andWhere('task.refused = :refused', { refused });
  if (status !== undefined) found.andWhere('task.status in (:...status)', { status });
  if (action !== undefined) found.andWhere('task.action in (:...action)', { action });
  if (mode !== undefined) found.andWhere('task.mode in (:...mode)', { mode });
  if (keyId !== undefined) found.andWhere('task.apiKeyId = :keyId', { keyId });
  if (upstreamId !== undefined) found.andWhere('task.upstreamId = :upstreamId', { upstreamId });
  if (from !== undefined) found.andWhere('task.submittedAt >= :from', { from });
  if (to !== undefined) found.andWhere('task.submittedAt < :to', { to });
  if (parentId !== undefined) found.andWhere('task.parentId = :parentId', { parentId });
  if (failureKind !== undefined) found.andWhere('task.failCode in (:...failureKind)', { failureKind });
  if (state !== undefined) found.andWhere(OF_STATE, { state });
  if (q !== undefined) found.andWhere(...searchFor(q));
  return found.orderBy('task.submittedAt', 'DESC').addOrderBy('task.id', 'DESC');
}

/** By the index task_of_state, which begins with the key: there are few keys. */
const OF_STATE = `task.apiKeyId = any(array(select id from api_key)) and task.state <> ''
  and hashtextextended(task.state, 0) = hashtextextended(:state, 0) and task.state = :state`;

/** Part of a prompt, or exactly a name that the task has somewhere. */
function searchFor(q: string): [string, Record<string, string>] {
  const names = ['state', 'requestId', 'upstreamTaskId'].map((name) => `task.${name} = :q`);
  const isId = /^\d{1,18}$/.test(q);
  return [
    `(${['task.prompt ilike :part', ...names, ...(isId ? ['task.id = :searchedId'] : [])].join(' or ')})`,
    { q, part: `%${escapeLike(q)}%`, ...(isId ? { searchedId: q } : {}) },
  ];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
