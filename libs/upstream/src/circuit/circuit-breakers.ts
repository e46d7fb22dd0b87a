import { Logger } from '@nestjs/common';
import { logFailure, type Database } from '#libs/database';
import { monotonicMs, SingleFlight, type MonotonicClock } from '#libs/runtime';
import { BreakerRule } from './breaker-rule.js';
import {
  CLAIM_PROBE,
  CLOSE_CIRCUIT,
  NOTE_MISCONFIGURED,
  OPEN_CIRCUIT,
  REOPEN_CIRCUIT,
  STOP_MISCONFIGURED,
} from './circuit-statements.js';
import type { OperatorFault } from '../port/outcome.js';
import type { Circuit, UpstreamCache } from '../store/upstream-cache.js';

interface CountedCircuit {
  rule: BreakerRule;
  /** When the circuit last changed; the rule counts only calls that began after that. */
  changedAt: Date | null;
}

/**
 * The circuit breakers of all upstreams. Each replica counts its own calls; the state of a circuit is in the upstream's row,
 * so that a circuit which one replica opens is open on all of them once their caches are refreshed.
 */
export class CircuitBreakers {
  private readonly log = new Logger(CircuitBreakers.name);
  private readonly counted = new Map<string, CountedCircuit>();
  private readonly writes = new SingleFlight<void>();

  constructor(
    private readonly database: Database,
    private readonly upstreams: UpstreamCache,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {}

  /**
   * Counts a call that began at `beganAt`. Where it opens the circuit, the circuit is open here before this resolves. Never
   * throws: an opening that cannot be written is tried again with the next failure.
   */
  async noteResult(upstreamId: string, healthy: boolean, beganAt: Date): Promise<void> {
    const circuit = this.upstreams.circuitOf(upstreamId);
    if (circuit === null || circuit.until !== null) return;
    // The call began before the circuit opened, and says nothing of the time since it closed.
    if (circuit.changedAt !== null && beganAt < circuit.changedAt) return;
    const { rule, changedAt } = this.countedOf(upstreamId, circuit.changedAt);
    if (healthy) return rule.success();
    if (!rule.failure()) return;
    await this.writes.run(upstreamId, () => this.open(upstreamId, changedAt));
  }

  /**
   * Notes an OperatorFault that an upstream answered to a call which began at `beganAt`. Never throws.
   * @param stops true: the upstream gets no submits for a minute; false: the fault is only noted
   */
  async noteOperatorFault(upstreamId: string, fault: OperatorFault, stops: boolean, beganAt: Date): Promise<void> {
    const circuit = this.upstreams.circuitOf(upstreamId);
    // Known faults, faults while the circuit is open, and answers to calls before the circuit last changed are no news.
    if (circuit === null || circuit.until !== null || (circuit.misconfigured === fault && !stops)) return;
    if (circuit.changedAt !== null && beganAt < circuit.changedAt) return;
    await this.writes.run(upstreamId, () => this.stop(upstreamId, fault, stops, circuit));
  }

  /** Notes that an upstream accepted work, so that no OperatorFault is left. Never throws. */
  async noteAcceptance(upstreamId: string): Promise<void> {
    if ((this.upstreams.circuitOf(upstreamId)?.misconfigured ?? null) === null) return;
    try {
      const [row] = await this.database.run(NOTE_MISCONFIGURED, { upstreamId, fault: null });
      if (row !== undefined) this.log.log(`upstream ${this.nameOf(upstreamId)} takes work again`);
      await this.upstreams.refresh();
    } catch (error) {
      logFailure(this.log, `that upstream ${this.nameOf(upstreamId)} takes work again could not be written`, error);
    }
  }

  /**
   * Claims the probe of a half-open circuit for `leaseMs`. Gives the lease; null where another replica has it.
   * @throws DatabaseUnavailableError
   */
  async claimProbe(upstreamId: string, leaseMs: number): Promise<Date | null> {
    const until = this.upstreams.circuitOf(upstreamId)?.until ?? null;
    if (until === null) return null;
    const [row] = await this.database.run(CLAIM_PROBE, { upstreamId, until, leaseMs });
    return row?.circuit_until ?? null;
  }

  /**
   * Ends a probe: closes the circuit, opens it for twice as long, or (for an OperatorFault) for another minute.
   * @throws DatabaseUnavailableError
   */
  async endProbe(upstreamId: string, lease: Date, result: 'healthy' | 'failed' | OperatorFault): Promise<void> {
    const [row] = await (result === 'healthy'
      ? this.database.run(CLOSE_CIRCUIT, { upstreamId, lease })
      : this.database.run(REOPEN_CIRCUIT, { upstreamId, lease, fault: result === 'failed' ? null : result }));
    const now =
      result === 'healthy' ? 'answers again' : result === 'failed' ? 'still does not answer' : `says ${result}`;
    if (row !== undefined) this.log.log(`upstream ${this.nameOf(upstreamId)} ${now}`);
    await this.upstreams.refresh();
  }

  private countedOf(upstreamId: string, changedAt: Date | null): CountedCircuit {
    const known = this.counted.get(upstreamId);
    if (known?.changedAt?.getTime() === changedAt?.getTime() && known !== undefined) return known;
    const fresh = { rule: new BreakerRule(this.clock), changedAt };
    this.counted.set(upstreamId, fresh);
    return fresh;
  }

  /** Writes an OperatorFault. The alarm is logged once for each fault, and not again while the fault lasts. */
  private async stop(upstreamId: string, fault: OperatorFault, stops: boolean, known: Circuit): Promise<void> {
    const upstream = this.upstreams.find(upstreamId)?.name ?? upstreamId;
    if (known.misconfigured !== fault) {
      const alarm = 'an upstream does not serve us until its operator helps';
      const kind = this.upstreams.find(upstreamId)?.kind;
      this.log.error({ alarm, upstream, upstreamId, kind, fault, stops });
    }
    try {
      if (stops) await this.database.run(STOP_MISCONFIGURED, { upstreamId, changedAt: known.changedAt, fault });
      else await this.database.run(NOTE_MISCONFIGURED, { upstreamId, fault });
      await this.upstreams.refresh();
    } catch (error) {
      logFailure(this.log, `upstream ${this.nameOf(upstreamId)} says ${fault}, but that could not be written`, error);
    }
  }

  /** Name and kind of an upstream, for the log. */
  private nameOf(upstreamId: string): string {
    const up = this.upstreams.find(upstreamId);
    return up === null ? upstreamId : `${up.name} (${up.kind})`;
  }

  private async open(upstreamId: string, changedAt: Date | null): Promise<void> {
    const name = this.nameOf(upstreamId);
    try {
      const [row] = await this.database.run(OPEN_CIRCUIT, { upstreamId, changedAt });
      if (row !== undefined) this.log.warn(`upstream ${name} fails; no calls until ${row.circuit_until.toISOString()}`);
      await this.upstreams.refresh();
    } catch (error) {
      logFailure(this.log, `upstream ${name} fails, but that could not be written`, error);
    }
  }
}
