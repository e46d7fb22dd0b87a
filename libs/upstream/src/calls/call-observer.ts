import type { JobScheduler } from '#libs/runtime';
import { CallLog } from './call-log.js';
import type { CallReport } from './call-report.js';
import type { CircuitBreakers } from '../circuit/circuit-breakers.js';
import type { Reach } from '../port/outcome.js';
import { AccountFaultRule, type FaultVerdict } from '../circuit/account-fault-rule.js';
import type { HealthLog } from './health-log.js';
import type { UpstreamCache } from '../store/upstream-cache.js';

/** Hears of every call to an upstream and passes it on: to its circuit, to the log of calls, to its health. */
export class CallObserver {
  private readonly listeners: ((report: CallReport) => void)[] = [];
  private isLeaving = false;

  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly circuits: CircuitBreakers,
    private readonly calls: CallLog,
    private readonly health: HealthLog,
    private readonly accountFaults = new AccountFaultRule(),
  ) {}

  /** Has what is noted written in the background. */
  start(scheduler: Pick<JobScheduler, 'add'>): void {
    this.calls.start(scheduler);
    this.health.start(scheduler);
  }

  /** From now on calls that break say nothing: it is this process that breaks them. */
  ignoreBrokenCalls(): void {
    this.isLeaving = true;
  }

  /** Writes what is not written yet. Never throws. */
  async stop(): Promise<void> {
    this.ignoreBrokenCalls();
    await Promise.all([this.calls.stop(), this.health.stop()]);
  }

  /** Has `listen` called with every call that ended. */
  onCall(listen: (report: CallReport) => void): void {
    this.listeners.push(listen);
  }

  /** Whether an upstream may be asked for its tasks. One that is not known here yet may. */
  mayRead(upstreamId: string): boolean {
    return this.upstreams.find(upstreamId) === null || this.upstreams.mayCall(upstreamId);
  }

  /** Whether an upstream may be sent work: its circuit is closed. One that is not known here yet may. */
  maySubmit(upstreamId: string): boolean {
    return (
      (this.upstreams.circuitOf(upstreamId)?.until ?? null) === null && !this.upstreams.hasUnreadableSecret(upstreamId)
    );
  }

  /** Whether an upstream took work on lately. */
  servedLately(upstreamId: string): boolean {
    return this.accountFaults.servedLately(upstreamId);
  }

  /** What a submit that an upstream declined for its operator comes to. */
  judge(upstreamId: string, mark: string, reach: Reach): FaultVerdict {
    return this.accountFaults.judge(upstreamId, mark, reach);
  }

  /** Takes a call in; where it opens the circuit, that is open when this resolves. Never throws. */
  async report(report: CallReport): Promise<void> {
    if (this.isLeaving && report.fault !== null) return;
    this.calls.note(report);
    this.health.note(report);
    for (const listen of this.listeners) listen(report);
    const { upstream, misconfigured = null, healthy, beganAt } = report;
    if (healthy !== null) await this.circuits.noteResult(upstream.id, healthy, beganAt);
    if (misconfigured !== null) {
      await this.circuits.noteOperatorFault(upstream.id, misconfigured.fault, misconfigured.stops, beganAt);
    } else if (report.isAcceptance === true) {
      this.accountFaults.accepted(upstream.id);
      await this.circuits.noteAcceptance(upstream.id);
    }
  }
}
