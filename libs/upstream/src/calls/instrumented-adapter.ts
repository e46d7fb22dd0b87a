import type { SubmitCommand, SubmitContext } from '../port/command.js';
import { faultOf, isFailure, type CallReport } from './call-report.js';
import {
  isOperatorFault,
  RouteMissingError,
  UpstreamCallError,
  type CallFault,
  type Outcome,
} from '../port/outcome.js';
import type { RecentQuery, RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../port/upstream-adapter.js';
import type { UpstreamOperation } from './upstream-call.entity.js';
import type { CallObserver } from './call-observer.js';

/** Work that is slow by nature. */
const SLOW_WORK: ReadonlySet<SubmitCommand['kind']> = new Set(['upload', 'swap']);
const SLOW_READS: ReadonlySet<UpstreamOperation> = new Set(['seed', 'list']);
/**
 * Operations whose failures open a circuit: every task needs them. Lists may be slow because they are long, seeds are so
 * by nature.
 */
const HEALTH_OPERATIONS: ReadonlySet<UpstreamOperation> = new Set(['submit', 'poll', 'fetch']);

const ACCEPTANCES: ReadonlySet<Outcome['kind']> = new Set(['accepted', 'queued', 'window', 'exists', 'uploaded']);
/** Faults of the key or the address that concern all calls, whichever read meets them. `forbidden` may concern one task. */
const ACCOUNT_WIDE_FAULTS: ReadonlySet<CallFault> = new Set(['unauthorized', 'payment_required', 'redirected']);

interface JudgedOutcome {
  outcome: Outcome;
  misconfigured: CallReport['misconfigured'];
}

function misconfiguredBy(operation: UpstreamOperation, fault: CallFault | null): CallReport['misconfigured'] {
  const isTelling = HEALTH_OPERATIONS.has(operation) || operation === 'probe';
  if (!isTelling || fault === null || !ACCOUNT_WIDE_FAULTS.has(fault) || !isOperatorFault(fault)) return null;
  return { fault, stops: true };
}

/**
 * Decorator of an adapter: reports every call to the CallObserver, and makes none but the probe while the circuit of its
 * upstream is open. A submit then ends as `nothing_done`, and reads fail with `circuit_open`.
 */
export class InstrumentedAdapter extends UpstreamAdapter {
  constructor(
    private readonly inner: UpstreamAdapter,
    private readonly observer: CallObserver,
    private readonly now: () => Date,
  ) {
    super();
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const local = this.inner.submitLocally(up, command, context);
    if (local !== null) return local;
    if (!this.observer.maySubmit(up.id)) return { kind: 'nothing_done', fault: 'circuit_open' };
    const clock = this.startClock();
    const answered = await this.resolvePage(up, await this.inner.submit(up, command, context), context.state);
    const { outcome, misconfigured } = this.judge(up, answered, context.state);
    const fault = misconfigured?.fault ?? faultOf(outcome);
    await this.observer.report({
      upstream: up,
      operation: 'submit',
      ...(context.taskId === undefined ? {} : { taskId: context.taskId }),
      result: outcome.kind,
      fault,
      healthy: !isFailure(fault),
      misconfigured,
      isAcceptance: ACCEPTANCES.has(outcome.kind),
      ...clock(),
      isQuick: !SLOW_WORK.has(command.kind),
    });
    return outcome;
  }

  async fetchMany(
    up: UpstreamTarget,
    upstreamTaskIds: readonly string[],
    onUnreadable?: () => void,
  ): Promise<Snapshot[]> {
    // One broken task can make a whole answer unreadable. The caller then reads smaller batches, of which the last one counts.
    const sparing = upstreamTaskIds.length > 1 ? 'unreadable' : null;
    return this.read(up, 'poll', () => this.inner.fetchMany(up, upstreamTaskIds, onUnreadable), sparing);
  }

  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    return this.read(up, 'fetch', () => this.inner.fetch(up, upstreamTaskId));
  }

  async listRecent(up: UpstreamTarget, query?: RecentQuery): Promise<RecentTasks | null> {
    return this.read(up, 'list', () => this.inner.listRecent(up, query));
  }

  async seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    return this.read(up, 'seed', () => this.inner.seed(up, upstreamTaskId));
  }

  async cancel(up: UpstreamTarget, upstreamTaskId: string): Promise<boolean> {
    return this.read(up, 'cancel', () => this.inner.cancel(up, upstreamTaskId));
  }

  /** The probe is made whatever the state of the circuit, because it decides about it. */
  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    return this.record(up, 'probe', () => this.inner.probe(up), null);
  }

  async close(): Promise<void> {
    this.observer.ignoreBrokenCalls();
    await this.inner.close();
  }

  private async read<T>(
    up: UpstreamTarget,
    operation: UpstreamOperation,
    call: () => Promise<T>,
    sparing: CallFault | null = null,
  ): Promise<T> {
    if (!this.observer.mayRead(up.id)) throw new UpstreamCallError('circuit_open');
    return this.record(up, operation, call, sparing);
  }

  /** `sparing`: a fault that does not count against the upstream. */
  private async record<T>(
    up: UpstreamTarget,
    operation: UpstreamOperation,
    call: () => Promise<T>,
    sparing: CallFault | null,
  ): Promise<T> {
    const clock = this.startClock();
    const report = (fault: CallFault | null, result: string): Promise<void> =>
      this.observer.report({
        upstream: up,
        operation,
        result,
        fault,
        healthy: !HEALTH_OPERATIONS.has(operation) || (fault !== null && fault === sparing) ? null : !isFailure(fault),
        misconfigured: misconfiguredBy(operation, fault),
        ...clock(),
        isQuick: !SLOW_READS.has(operation),
      });
    try {
      const answer = await call();
      await report(null, 'ok');
      return answer;
    } catch (error) {
      // A missing route is an answer like any other, and so is JSON of another form.
      if (error instanceof UpstreamCallError) {
        const isAnswer = error instanceof RouteMissingError || error.fault === 'unexpected';
        await report(isAnswer ? null : error.fault, error.fault);
      }
      throw error;
    }
  }

  /**
   * Finds out what became of a submit that was answered with an HTML page. A portal or CDN may show one in place of an
   * acceptance: then the list of recent tasks has a task with the correlation id. Where there is no list, an upstream that
   * accepted work lately has hardly lost the route, so that the outcome is unknown.
   */
  private async resolvePage(up: UpstreamTarget, answered: Outcome, correlationId: string): Promise<Outcome> {
    if (answered.kind !== 'nothing_done' || !('isPage' in answered)) return answered;
    const recent = await this.inner.listRecent(up).catch((error: unknown) => {
      if (error instanceof UpstreamCallError) return null;
      throw error;
    });
    const ours = recent?.snapshots.filter(({ state }) => state === correlationId) ?? [];
    const [first, ...rest] = ours.map(({ upstreamTaskId }) => upstreamTaskId).reverse();
    if (first !== undefined) {
      const window = ours.find(({ status }) => status === 'MODAL');
      return window === undefined
        ? { kind: 'accepted', upstreamTaskIds: [first, ...rest] }
        : { kind: 'window', upstreamTaskId: window.upstreamTaskId, finalPrompt: window.finalPrompt };
    }
    return recent === null && this.observer.servedLately(up.id) ? { kind: 'unknown', fault: 'unreadable' } : answered;
  }

  /** Judges an OperatorFault. One that concerns a single task declines the task, and does not count against the upstream. */
  private judge(up: UpstreamTarget, answered: Outcome, correlationId: string): JudgedOutcome {
    if (answered.kind !== 'nothing_done' || !('scope' in answered)) return { outcome: answered, misconfigured: null };
    const verdict = this.observer.judge(up.id, correlationId, answered.scope);
    if (verdict !== 'task') {
      return { outcome: answered, misconfigured: { fault: answered.fault, stops: verdict === 'stops' } };
    }
    const outcome: Outcome = answered.scope === 'task' ? answered : { kind: 'refused', code: 9, words: '' };
    return { outcome, misconfigured: null };
  }

  private startClock(): () => { beganAt: Date; ms: number } {
    const beganAt = this.now();
    const began = performance.now();
    return () => ({ beganAt, ms: performance.now() - began });
  }
}
