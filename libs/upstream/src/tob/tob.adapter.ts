import type { HttpAnswer } from '../http/http-answer.js';
import type { UpstreamHttp, UpstreamRequest } from '../http/upstream-http.js';
import { isFollowUp, ownTexts, sendTimeoutMs, type SubmitCommand, type SubmitContext } from '../port/command.js';
import { RouteMissingError, UpstreamCallError, type Outcome } from '../port/outcome.js';
import type { RecentQuery, RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../port/upstream-adapter.js';
import type { ButtonTerms } from './buttons/job-buttons.js';
import { readSpelledId } from '../port/spelled-id.js';
import { readBody, readJobAnswer } from './job/job-answer.js';
import { snapshotOf } from './job/job-snapshot.js';
import type { TobJob } from './job/tob-job.js';
import { versionOf, type TobProfile } from './profile.js';
import { readList } from './recent/job-lists.js';
import { readListed } from './recent/recent-jobs.js';
import { planOf } from './submit/command-plan.js';
import { localOutcome } from './submit/local-outcome.js';
import { notAnswered, redirected } from '../http/unanswered.js';
import { notRead } from './submit/not-read.js';
import { readTobSubmit } from './submit/submit-answer.js';
import type { TobRequest } from './submit/submit-plan.js';

const SEED = /^\d{1,20}$/;
const SEED_DEADLINE_MS = 30_000;

type TobCall = Pick<UpstreamRequest, 'method' | 'path' | 'deadlineMs'> &
  Partial<Pick<UpstreamRequest, 'isAwaited' | 'hasOwnConnection' | 'body' | 'traceparent'>>;

/**
 * Adapter of the vendors whose API has a route for each kind of work and jobs that are read one by one: Youchuan and
 * LegNext. It has neither buttons nor windows nor single pictures of a grid, so it makes them.
 */
export class TobAdapter extends UpstreamAdapter {
  constructor(
    private readonly profile: TobProfile,
    private readonly http: UpstreamHttp,
  ) {
    super();
  }

  override submitLocally(_up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Outcome | null {
    return localOutcome(command, context);
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const local = localOutcome(command, context);
    if (local !== null) return local;
    const plan = planOf(this.profile, up, command);
    switch (plan.kind) {
      case 'refused':
        return plan.outcome;
      case 'call':
        return this.send(up, plan.request, command, context);
      case 'after_read': {
        // Both calls together take no longer than one.
        const readMs = Math.min(up.pollTimeoutMs, Math.ceil(up.submitTimeoutMs / 3));
        const request = await this.requestAfterRead({ ...up, pollTimeoutMs: readMs }, plan.jobId, plan.request);
        const left = { ...up, submitTimeoutMs: up.submitTimeoutMs - readMs };
        return 'kind' in request ? request : this.send(left, request, command, context);
      }
    }
  }

  /** The kind has no call for many jobs. */
  fetchMany(): Promise<Snapshot[]> {
    return Promise.reject(new RouteMissingError());
  }

  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    const job = await this.readJob(up, readSpelledId(upstreamTaskId).jobId);
    return job === null ? null : snapshotOf(job, upstreamTaskId, this.terms(up));
  }

  async listRecent(up: UpstreamTarget, query: RecentQuery = { since: null }): Promise<RecentTasks | null> {
    const startedAt = performance.now();
    const isSpent = (): boolean => performance.now() - startedAt > up.pollTimeoutMs;
    const listed = await readList(this.profile, query.since, (path) => this.readAccount(up, path));
    if (listed === null) return null;
    const terms = this.terms(up);
    return readListed(
      listed,
      query,
      async ({ jobId, at }) => {
        const job = await this.readJob(up, jobId);
        return job === null ? null : snapshotOf({ ...job, submitTime: job.submitTime ?? at }, job.id, terms);
      },
      isSpent,
    );
  }

  async seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    const job = await this.readJob(up, readSpelledId(upstreamTaskId).jobId, {
      isAwaited: true,
      deadlineMs: SEED_DEADLINE_MS,
    });
    const seed = job?.status === 'SUCCESS' ? (job.seed ?? '') : '';
    return SEED.test(seed) ? { kind: 'seed', seed } : { kind: 'refused', words: 'The task has no seed' };
  }

  /** The vendors cannot cancel. */
  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    const { profile } = this;
    const answer = await this.readAccount(up, profile.probePath);
    if (answer.status === 404) throw new UpstreamCallError('not_found');
    const credit = profile.creditIn(readBody(answer));
    return { readsBatches: false, ...(credit === undefined ? {} : { credit }) };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async send(
    up: UpstreamTarget,
    { path, body }: TobRequest,
    command: SubmitCommand,
    { pushUrl, traceparent }: SubmitContext,
  ): Promise<Outcome> {
    const callback = pushUrl !== null && up.acceptsNotifyHook ? { callback: pushUrl } : {};
    const deadlineMs = sendTimeoutMs(command.kind, up.submitTimeoutMs);
    try {
      const answer = await this.call(up, {
        method: 'POST',
        path,
        body: { ...body, ...callback },
        deadlineMs,
        isAwaited: true,
        hasOwnConnection: true,
        ...(traceparent === undefined ? {} : { traceparent }),
      });
      const asked = {
        profile: this.profile,
        isFollowUp: isFollowUp(command),
        isUsual: command.kind === 'imagine',
        ownTexts: ownTexts(command),
        fullTexts: up.fullTexts,
      };
      return redirected(answer, up.baseUrl + this.profile.root + path) ?? readTobSubmit(answer, asked);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return notAnswered(error.fault);
    }
  }

  /** The request of work that depends on its parent, or the outcome where it cannot be written: nothing was begun yet. */
  private async requestAfterRead(
    up: UpstreamTarget,
    jobId: string,
    requestOf: (job: TobJob) => TobRequest | null,
  ): Promise<TobRequest | Outcome> {
    try {
      const job = await this.readJob(up, jobId, { isAwaited: true });
      const request = job === null ? null : requestOf(job);
      return request ?? { kind: 'refused', code: 4, words: 'The task has no such picture any more' };
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return notRead(error.fault);
    }
  }

  /** Reads what concerns the account. Sources disagree whether LegNext has it below the path of its other routes. */
  private async readAccount(up: UpstreamTarget, path: string): Promise<HttpAnswer> {
    const { root, accountRoots } = this.profile;
    const [first = root, ...others] = accountRoots;
    let answer = await this.callAt(up, first, { method: 'GET', path, deadlineMs: up.pollTimeoutMs });
    for (const other of others) {
      if (answer.status !== 404) break;
      answer = await this.callAt(up, other, { method: 'GET', path, deadlineMs: up.pollTimeoutMs });
    }
    return answer;
  }

  private async readJob(
    up: UpstreamTarget,
    jobId: string,
    { isAwaited = false, deadlineMs = up.pollTimeoutMs }: { isAwaited?: boolean; deadlineMs?: number } = {},
  ): Promise<TobJob | null> {
    const path = `/job/${encodeURIComponent(jobId)}`;
    const answer = await this.call(up, { method: 'GET', path, deadlineMs, isAwaited });
    const job = readJobAnswer(this.profile, answer, up.baseUrl);
    // The job of another id would be given to the wrong client.
    if (job !== null && job.id.toLowerCase() !== jobId.toLowerCase()) throw new UpstreamCallError('unexpected');
    return job;
  }

  private call(up: UpstreamTarget, request: TobCall): Promise<HttpAnswer> {
    return this.callAt(up, this.profile.root, request);
  }

  private callAt(up: UpstreamTarget, root: string, request: TobCall): Promise<HttpAnswer> {
    const auth = this.profile.auth(up.secret);
    return this.http.call(up, { isAwaited: false, ...request, path: root + request.path, auth });
  }

  private terms(up: UpstreamTarget): ButtonTerms {
    return { vendor: this.profile.vendor, defaultVersion: versionOf(this.profile, up) };
  }
}
