import { Injectable } from '@nestjs/common';
import type { JsonLimits } from '#libs/wire';
import { sendTimeoutMs, type SubmitCommand, type SubmitContext } from '../command.js';
import { RouteMissingError, UpstreamCallError, type Outcome } from '../outcome.js';
import { mostAdvanced, type RecentQuery, type RecentTasks } from '../recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../upstream-adapter.js';
import { isNullList, readListPage, type ListPage } from './answer-list.js';
import { parseJson } from './json-field.js';
import { listRecent } from './recent-list.js';
import { readSubmitAnswer, type HttpAnswer } from './submit-answer.js';
import { toSubmitRequest } from './submit-request.js';
import { readCancelAnswer, readSeedAnswer } from './task-answer.js';
import { readTask } from './task-body.js';
import { UpstreamHttp } from './upstream-http.js';

/** Midjourney tells a seed by a message of its own, which servers wait for. */
const SEED_DEADLINE_MS = 30_000;
/** One task, whose pictures may be in it. */
const MAX_TASK_BYTES = 16 * 1024 * 1024;
/** All pages of a list together: some servers list every task they have, about 2 KiB each. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const LIST_LIMITS: JsonLimits = { depth: 64, values: 1_000_000, keys: 10_000, keyLength: 4_096 };
/** How servers say that they do not know a task, besides 200 with an empty body. */
const NOT_HERE: ReadonlySet<number> = new Set([204, 400, 404]);
/** How they say that they have no such route. */
const NO_ROUTE: ReadonlySet<number> = new Set([404, 405, 410, 501]);
const BEGAN_NOTHING: ReadonlySet<string> = new Set(['connect', 'dns', 'tls']);

/** Speaks the wire of midjourney-proxy: novicezk's, trueai's, and gateways such as new-api that look like them. */
@Injectable()
export class MidjourneyProxyAdapter extends UpstreamAdapter {
  private readonly http = new UpstreamHttp();

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const { path, body } = toSubmitRequest(up, command, context);
    try {
      const deadlineMs = sendTimeoutMs(command.kind, up.submitTimeoutMs);
      const { traceparent } = context;
      const answer = await this.http.call(up, { method: 'POST', path, body, deadlineMs, traceparent });
      return readSubmitAnswer(answer, up.fullTexts, command.kind === 'upload' ? 'links' : 'ids');
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return { kind: BEGAN_NOTHING.has(error.fault) ? 'nothing_done' : 'unknown', fault: error.fault };
    }
  }

  async fetchMany(
    up: UpstreamTarget,
    upstreamTaskIds: readonly string[],
    onUnreadable?: () => void,
  ): Promise<Snapshot[]> {
    const answer = await this.readMany(up, upstreamTaskIds);
    if (NO_ROUTE.has(answer.status)) throw new RouteMissingError();
    const items = readListPage(jsonOf(answer))?.items;
    if (items === undefined) throw new UpstreamCallError('unreadable');
    const snapshots = items.map((item) => readTask(item, up.baseUrl)).filter((snapshot) => snapshot !== null);
    if (snapshots.length < items.length) onUnreadable?.();
    return mostAdvanced(snapshots);
  }

  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    const path = `/mj/task/${encodeURIComponent(upstreamTaskId)}/fetch`;
    const { pollTimeoutMs: deadlineMs } = up;
    const answer = await this.http.call(up, { method: 'GET', path, deadlineMs, maxBytes: MAX_TASK_BYTES });
    if (NOT_HERE.has(answer.status) || (answer.status === 200 && answer.body.length === 0)) return null;
    return readTask(jsonOf(answer), up.baseUrl);
  }

  async listRecent(up: UpstreamTarget, query: RecentQuery = { since: null }): Promise<RecentTasks | null> {
    const startedAt = performance.now();
    let bytesLeft = MAX_LIST_BYTES;
    const ask = async (parameters: Record<string, string>): Promise<ListPage | null> => {
      const { status, body } = await this.askPage(up, parameters, bytesLeft);
      bytesLeft -= body.length;
      return readPage({ status, body });
    };
    // So it takes twice the longest call at most.
    const isSpent = (): boolean => bytesLeft <= 0 || performance.now() - startedAt > up.pollTimeoutMs;
    return listRecent(ask, query, isSpent, up.baseUrl);
  }

  async seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    const path = `/mj/task/${encodeURIComponent(upstreamTaskId)}/image-seed`;
    return readSeedAnswer(await this.http.call(up, { method: 'GET', path, deadlineMs: SEED_DEADLINE_MS }));
  }

  async cancel(up: UpstreamTarget, upstreamTaskId: string): Promise<boolean> {
    const path = `/mj/task/${encodeURIComponent(upstreamTaskId)}/cancel`;
    return readCancelAnswer(await this.http.call(up, { method: 'POST', path, deadlineMs: up.pollTimeoutMs }));
  }

  /** Asks for the tasks of no ids: every server that has the route answers with an empty list. */
  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    const answer = await this.readMany(up, []);
    if (NO_ROUTE.has(answer.status)) return { readsBatches: false };
    return { readsBatches: readListPage(jsonOf(answer)) !== null };
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  private askPage(up: UpstreamTarget, parameters: Record<string, string>, maxBytes: number): Promise<HttpAnswer> {
    const query = new URLSearchParams(parameters).toString();
    const path = query === '' ? '/mj/task/list' : `/mj/task/list?${query}`;
    return this.http.call(up, { method: 'GET', path, deadlineMs: up.pollTimeoutMs, maxBytes });
  }

  private readMany(up: UpstreamTarget, ids: readonly string[]): Promise<HttpAnswer> {
    const { pollTimeoutMs: deadlineMs } = up;
    return this.http.call(up, { method: 'POST', path: '/mj/task/list-by-condition', body: { ids }, deadlineMs });
  }
}

/** Null: there is no such list, or none for us. @throws UpstreamCallError where the answer says nothing of that */
function readPage(answer: HttpAnswer): ListPage | null {
  const { status, body } = answer;
  // "Too many requests" says nothing of it.
  const isDeclined = status >= 400 && status < 500 && status !== 429;
  if (isDeclined || NO_ROUTE.has(status)) return null;
  // Some servers show a page where they have no route.
  const parsed = status < 300 ? parseJson(body, LIST_LIMITS) : jsonOf(answer);
  return isNullList(parsed) ? { items: [], next: null, hasMore: null } : readListPage(parsed);
}

/** @throws UpstreamCallError for any status but 2xx, and for what is not JSON */
function jsonOf({ status, body }: HttpAnswer): unknown {
  if (status >= 500) throw new UpstreamCallError('status_5xx');
  if (status >= 400) throw new UpstreamCallError('status_4xx');
  const parsed = status < 300 ? parseJson(body) : undefined;
  if (parsed === undefined) throw new UpstreamCallError('unreadable');
  return parsed;
}
