import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Task } from '#libs/tracking';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { AdminTaskQuery } from './admin-task.query.dto.js';

const LIST = 'tasks';
const POSITION = 'task.submittedAt, task.id';

/**
 * Finds tasks of all keys, newest first. It runs on the connections of administration, with their time limit, so that a
 * search through many rows takes nothing from clients.
 */
@Injectable()
export class TaskSearch {
  constructor(
    private readonly source: DataSource,
    private readonly cursors: ListCursors,
  ) {}

  /** @throws Problem for a wrong cursor */
  async page(query: AdminTaskQuery): Promise<Page<Task>> {
    const { limit = USUAL_PAGE, status, action, mode, keyId, upstreamId, from, to, q, failureKind } = query;
    const after = this.cursors.read(LIST, query.cursor);
    const asksForRefused = failureKind === 'refused' || failureKind === 'banned';
    const refused = query.refused ?? (asksForRefused ? undefined : false);
    // Only what is asked for stands in the statement, so that Postgres can choose the index that fits.
    const found = this.source.getRepository(Task).createQueryBuilder('task');
    if (after !== null) found.andWhere(`(${POSITION}) < (:at, :id)`, { at: after[0], id: after[1] });
    if (refused !== undefined) found.andWhere('task.refused = :refused', { refused });
    if (status !== undefined) found.andWhere('task.status = :status', { status });
    if (action !== undefined) found.andWhere('task.action = :action', { action });
    if (mode !== undefined) found.andWhere('task.mode = :mode', { mode });
    if (keyId !== undefined) found.andWhere('task.apiKeyId = :keyId', { keyId });
    if (upstreamId !== undefined) found.andWhere('task.upstreamId = :upstreamId', { upstreamId });
    if (from !== undefined) found.andWhere('task.submittedAt >= :from', { from });
    if (to !== undefined) found.andWhere('task.submittedAt < :to', { to });
    if (failureKind !== undefined) found.andWhere('task.failCode = :failureKind', { failureKind });
    if (q !== undefined) found.andWhere(...searchFor(q));
    const rows = await found
      .orderBy('task.submittedAt', 'DESC')
      .addOrderBy('task.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    // submitted_at has no more digits than a Date.
    return this.cursors.page(LIST, rows, limit, ({ submittedAt, id }) => [submittedAt.toISOString(), id]);
  }
}

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
