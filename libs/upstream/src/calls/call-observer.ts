import type { JobScheduler } from '#libs/runtime';
import { CallLog } from './call-log.js';
import type { CallReport } from './call-report.js';
import type { CircuitBreakers } from '../circuit/circuit-breakers.js';
import type { FaultScope } from '../port/outcome.js';
import { AccountFaultRule, type FaultVerdict } from '../circuit/account-fault-rule.js';
import type { HealthLog } from './health-log.js';
import type { UpstreamCache } from '../store/upstream-cache.js';

/** Observer of calls to upstreams: passes each one to the upstream's circuit, to the log of calls and to the log of health. */
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

  /** Starts the background jobs that write both logs. */
  start(scheduler: Pick<JobScheduler, 'add'>): void {
    this.calls.start(scheduler);
    this.health.start(scheduler);
  }

  /** From now on failed calls are not counted: the shutdown of this process breaks them. */
  ignoreBrokenCalls(): void {
    this.isLeaving = true;
  }

  /** Writes both logs for the last time. Never throws. */
  async stop(): Promise<void> {
    this.ignoreBrokenCalls();
    await Promise.all([this.calls.stop(), this.health.stop()]);
  }

  /** Adds a listener to finished calls. */
  onCall(listen: (report: CallReport) => void): void {
    this.listeners.push(listen);
  }

  /** Whether an upstream may be called about its tasks. One that is not cached yet may. */
  mayRead(upstreamId: string): boolean {
    return this.upstreams.find(upstreamId) === null || this.upstreams.mayCall(upstreamId);
  }

  /** Whether work may be sent to an upstream: its circuit is closed. One that is not cached yet may. */
  maySubmit(upstreamId: string): boolean {
    return (
      (this.upstreams.circuitOf(upstreamId)?.until ?? null) === null && !this.upstreams.hasUnreadableSecret(upstreamId)
    );
  }

  /** Whether an upstream accepted work lately. */
  servedLately(upstreamId: string): boolean {
    return this.accountFaults.servedLately(upstreamId);
  }

  /** What follows from an OperatorFault that an upstream answered to a submit. */
  judge(upstreamId: string, correlationId: string, scope: FaultScope): FaultVerdict {
    return this.accountFaults.judge(upstreamId, correlationId, scope);
  }

  /** Notes a finished call. Where it opens the circuit, the circuit is open here before this resolves. Never throws. */
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
