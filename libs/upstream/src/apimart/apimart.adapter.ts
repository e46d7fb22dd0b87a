import type { HttpAnswer } from '../http/http-answer.js';
import type { UpstreamHttp, UpstreamRequest } from '../http/upstream-http.js';
import { readAnswer } from '../json/answer-words.js';
import { isFollowUp, ownTexts, sendTimeoutMs, type SubmitCommand, type SubmitContext } from '../port/command.js';
import { RouteMissingError, UpstreamCallError, type CallFault, type Outcome } from '../port/outcome.js';
import type { RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../port/upstream-adapter.js';
import { readSubmitAnswer } from './submit/submit-answer.js';
import { toSubmitRequest } from './submit/submit-request.js';
import { assertAnswered, readTaskAnswer } from './task/task-answer.js';

/** An id of the vendor's form that no task has: its time is that of 1970. */
const NO_TASK = 'task_00000000000000000000000000';
/** Longest answer with one task, which may hold its pictures inline. */
const MAX_TASK_BYTES = 16 * 1024 * 1024;
const SEED = /^\d{1,20}$/;
/** Routes whose work may wait in a window. */
const OPENS_WINDOW = /\/(?:inpaint|zoom)$/;

type ApimartCall = Omit<UpstreamRequest, 'auth' | 'isAwaited'> & Partial<Pick<UpstreamRequest, 'isAwaited'>>;

/** Adapter of APIMart's API for Midjourney, `/v1/midjourney/*`. */
export class ApimartAdapter extends UpstreamAdapter {
  constructor(private readonly http: UpstreamHttp) {
    super();
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const request = toSubmitRequest(up, command, context);
    // Work without a route is sent nowhere: whoever judged the command did not ask this kind of upstream.
    if (request === null) return { kind: 'nothing_done', fault: 'no_account' };
    const { path, body } = request;
    try {
      const deadlineMs = sendTimeoutMs(command.kind, up.submitTimeoutMs);
      const { traceparent } = context;
      const answer = await this.call(up, { method: 'POST', path, body, deadlineMs, traceparent, isAwaited: true });
      return readSubmitAnswer(answer, {
        url: up.baseUrl + path,
        isFollowUp: isFollowUp(command),
        mayOpenWindow: OPENS_WINDOW.test(path),
        ownTexts: ownTexts(command),
        fullTexts: up.fullTexts,
      });
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return notAnswered(error.fault);
    }
  }

  /** The vendor reads one task at a time. */
  fetchMany(): Promise<Snapshot[]> {
    return Promise.reject(new RouteMissingError());
  }

  /** Reads the form for Midjourney, and where that is missing the form that all of the vendor's models share. */
  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    const id = encodeURIComponent(upstreamTaskId);
    for (const path of [`/v1/midjourney/${id}`, `/v1/tasks/${id}`]) {
      const found = readTaskAnswer(await this.read(up, path), upstreamTaskId, up.baseUrl);
      if (found === 'foreign') return null;
      if (found !== 'not_here') return found;
    }
    return null;
  }

  listRecent(): Promise<RecentTasks | null> {
    return Promise.resolve(null);
  }

  async seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    const seed = (await this.fetch(up, upstreamTaskId))?.seed ?? '';
    return SEED.test(seed) ? { kind: 'seed', seed } : { kind: 'refused', words: '' };
  }

  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Reads a task that cannot exist: only who has a key is told that. */
  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    const answer = await this.read(up, `/v1/midjourney/${NO_TASK}`);
    assertAnswered(answer);
    if (readAnswer(answer).isPage) throw new UpstreamCallError('not_found');
    return { readsBatches: false };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private read(up: UpstreamTarget, path: string): Promise<HttpAnswer> {
    return this.call(up, { method: 'GET', path, deadlineMs: up.pollTimeoutMs, maxBytes: MAX_TASK_BYTES });
  }

  private call(up: UpstreamTarget, request: ApimartCall): Promise<HttpAnswer> {
    const auth: Record<string, string> = up.secret === null ? {} : { authorization: `Bearer ${up.secret}` };
    return this.http.call(up, { isAwaited: false, ...request, auth });
  }
}

/** The outcome of a submit that was not answered. */
function notAnswered(fault: CallFault): Outcome {
  switch (fault) {
    case 'connect':
    case 'dns':
    case 'tls':
      return { kind: 'nothing_done', fault };
    default:
      return { kind: 'unknown', fault };
  }
}
