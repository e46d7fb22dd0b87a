import { isFollowUp, ownTexts, sendTimeoutMs, type SubmitCommand, type SubmitContext } from '../port/command.js';
import { RouteMissingError, UpstreamCallError, type Outcome } from '../port/outcome.js';
import { mostAdvanced, type RecentQuery, type RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../port/upstream-adapter.js';
import { parsedOf } from '../json/answer-json.js';
import { isNullList, readListPage } from './json/answer-list.js';
import { isJsonList, jsonItems } from '../json/json-items.js';
import { listRecent, type RecentPage } from './task/recent-list.js';
import { readAnswer } from '../json/answer-words.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { notAnswered } from '../http/unanswered.js';
import { readSubmitAnswer } from './submit/submit-answer.js';
import { toSubmitRequest } from './submit/submit-request.js';
import { accountFault, assertAnswered, readCancelAnswer, readSeedAnswer, readTaskAnswer } from './task/task-answer.js';
import { readTasks } from './task/read-tasks.js';
import type { UpstreamHttp, UpstreamRequest } from '../http/upstream-http.js';

/** Midjourney sends a seed as a message of its own, for which servers wait. */
const SEED_DEADLINE_MS = 30_000;
/** Longest answer with one task, which may hold its pictures inline. */
const MAX_TASK_BYTES = 16 * 1024 * 1024;
/** Longest list, all pages together: some servers list every task that they have, at about 2 KiB each. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Statuses by which servers say that they do not have a route. */
const NO_ROUTE: ReadonlySet<number> = new Set([404, 405, 410, 501]);

type MjRequest = Omit<UpstreamRequest, 'auth' | 'isAwaited'> & Partial<Pick<UpstreamRequest, 'isAwaited'>>;

/** Adapter of midjourney-proxy servers: novicezk's, trueai's, and gateways such as new-api with the same API. */
export class MidjourneyProxyAdapter extends UpstreamAdapter {
  constructor(private readonly http: UpstreamHttp) {
    super();
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const { path, body } = toSubmitRequest(up, command, context);
    try {
      const deadlineMs = sendTimeoutMs(command.kind, up.submitTimeoutMs);
      const { traceparent } = context;
      const answer = await this.call(up, { method: 'POST', path, body, deadlineMs, traceparent, isAwaited: true });
      return readSubmitAnswer(answer, {
        url: up.baseUrl + path,
        wants: command.kind === 'upload' ? 'links' : 'ids',
        baseUrl: up.baseUrl,
        isFollowUp: isFollowUp(command),
        ownTexts: ownTexts(command),
        fullTexts: up.fullTexts,
      });
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return notAnswered(error.fault);
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
    if (items === undefined) throw new UpstreamCallError(accountFault(answer) ?? 'unexpected');
    const snapshots = await readTasks(items, up.baseUrl);
    if (snapshots.length < items.length) onUnreadable?.();
    return mostAdvanced(snapshots);
  }

  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    const path = `/mj/task/${encodeURIComponent(upstreamTaskId)}/fetch`;
    const { pollTimeoutMs: deadlineMs } = up;
    const answer = await this.call(up, { method: 'GET', path, deadlineMs, maxBytes: MAX_TASK_BYTES });
    return readTaskAnswer(answer, up.baseUrl);
  }

  async listRecent(up: UpstreamTarget, query: RecentQuery = { since: null }): Promise<RecentTasks | null> {
    const startedAt = performance.now();
    let bytesLeft = MAX_LIST_BYTES;
    const ask = async (parameters: Record<string, string>): Promise<RecentPage | null> => {
      const answer = await this.askPage(up, parameters, bytesLeft);
      bytesLeft -= answer.body.length;
      return readPage(answer);
    };
    // The last page may begin just before this limit, so a list takes twice the deadline of a call at most.
    const isSpent = (): boolean => bytesLeft <= 0 || performance.now() - startedAt > up.pollTimeoutMs;
    return listRecent(ask, query, isSpent, up.baseUrl);
  }

  async seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    const path = `/mj/task/${encodeURIComponent(upstreamTaskId)}/image-seed`;
    return readSeedAnswer(await this.call(up, { method: 'GET', path, deadlineMs: SEED_DEADLINE_MS, isAwaited: true }));
  }

  async cancel(up: UpstreamTarget, upstreamTaskId: string): Promise<boolean> {
    const path = `/mj/task/${encodeURIComponent(upstreamTaskId)}/cancel`;
    return readCancelAnswer(
      await this.call(up, { method: 'POST', path, deadlineMs: up.pollTimeoutMs, isAwaited: true }),
    );
  }

  /** Reads the tasks of an empty list of ids, which every server that has the route answers with an empty list. */
  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    const answer = await this.readMany(up, []);
    if (NO_ROUTE.has(answer.status)) return { readsBatches: false };
    if (answer.status < 300 && readAnswer(answer).isPage) throw new UpstreamCallError('not_found');
    const readsBatches = readListPage(jsonOf(answer)) !== null;
    const fault = readsBatches ? null : accountFault(answer);
    if (fault !== null) throw new UpstreamCallError(fault);
    return { readsBatches };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private call(up: UpstreamTarget, request: MjRequest): Promise<HttpAnswer> {
    const auth: Record<string, string> = up.secret === null ? {} : { 'mj-api-secret': up.secret };
    return this.http.call(up, { isAwaited: false, ...request, auth });
  }

  private askPage(up: UpstreamTarget, parameters: Record<string, string>, maxBytes: number): Promise<HttpAnswer> {
    const query = new URLSearchParams(parameters).toString();
    const path = query === '' ? '/mj/task/list' : `/mj/task/list?${query}`;
    return this.call(up, { method: 'GET', path, deadlineMs: up.pollTimeoutMs, maxBytes, keepsLists: true });
  }

  private readMany(up: UpstreamTarget, ids: readonly string[]): Promise<HttpAnswer> {
    const { pollTimeoutMs: deadlineMs } = up;
    return this.call(up, { method: 'POST', path: '/mj/task/list-by-condition', body: { ids }, deadlineMs });
  }
}

/**
 * Reads a page of a list; null: the server has no such list, or none for this account.
 * @throws UpstreamCallError where the answer does not show that
 */
function readPage(answer: HttpAnswer): RecentPage | null {
  const { status, body } = answer;
  // 429 does not show whether there is a list.
  const isDeclined = status >= 400 && status < 500 && status !== 429;
  if (isDeclined || NO_ROUTE.has(status)) return null;
  if (status < 300 && isJsonList(body)) return { items: jsonItems(body), next: null, hasMore: null };
  // Some servers answer with an HTML page where they have no route.
  const parsed = status < 300 ? parsedOf(answer) : jsonOf(answer);
  return isNullList(parsed) ? { items: [], next: null, hasMore: null } : readListPage(parsed);
}

/** @throws UpstreamCallError for any status but 2xx, and for what is not JSON */
function jsonOf(answer: HttpAnswer): unknown {
  assertAnswered(answer);
  const parsed = parsedOf(answer);
  if (parsed === undefined) throw new UpstreamCallError('unreadable');
  return parsed;
}
