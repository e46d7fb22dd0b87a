import { Logger } from '@nestjs/common';
import { logFailure, monotonicMs, type Database, type MonotonicClock } from '#libs/database';
import { BreakerRule } from './breaker-rule.js';
import { CLAIM_PROBE, CLOSE_CIRCUIT, OPEN_CIRCUIT, REOPEN_CIRCUIT } from './circuit-sql.js';
import type { UpstreamPool } from './upstream-pool.js';

interface Fed {
  rule: BreakerRule;
  /** When the circuit last changed as the rule knows it: it counts what came after. */
  changedAt: Date | null;
}

/**
 * The circuits of all upstreams. Each replica counts what it sees itself; whether a circuit is open stands in the row, so
 * one replica's opening stops all of them within the refresh of their pools.
 */
export class CircuitBreakers {
  private readonly log = new Logger(CircuitBreakers.name);
  private readonly fed = new Map<string, Fed>();
  private readonly opening = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly pool: UpstreamPool,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {}

  /**
   * Takes in how a call that began at `beganAt` ended. When that opens the circuit, it is open here before this resolves.
   * Never throws: an opening that cannot be written is tried anew by the next failure.
   */
  async feed(upstreamId: string, healthy: boolean, beganAt: Date): Promise<void> {
    const circuit = this.pool.circuitOf(upstreamId);
    if (circuit === null || circuit.until !== null) return;
    // It began before the circuit opened, and says nothing of the time since it closed.
    if (circuit.changedAt !== null && beganAt < circuit.changedAt) return;
    const { rule, changedAt } = this.fedOf(upstreamId, circuit.changedAt);
    if (healthy) return rule.success();
    if (!rule.failure()) return;
    const open = this.opening.get(upstreamId) ?? this.open(upstreamId, changedAt);
    this.opening.set(upstreamId, open);
    await open.finally(() => this.opening.delete(upstreamId));
  }

  /** Takes the probe of a half-open circuit for `leaseMs`; the lease, or null where it is another's. @throws DatabaseUnavailableError */
  async claimProbe(upstreamId: string, leaseMs: number): Promise<Date | null> {
    const until = this.pool.circuitOf(upstreamId)?.until ?? null;
    if (until === null) return null;
    const [row] = await this.database.run<{ circuit_until: Date }>(CLAIM_PROBE, [upstreamId, until, leaseMs]);
    return row?.circuit_until ?? null;
  }

  /** Ends a probe: closes the circuit, or opens it for twice as long. @throws DatabaseUnavailableError */
  async endProbe(upstreamId: string, lease: Date, healthy: boolean): Promise<void> {
    const name = this.pool.find(upstreamId)?.name ?? upstreamId;
    const [row] = await this.database.run(healthy ? CLOSE_CIRCUIT : REOPEN_CIRCUIT, [upstreamId, lease]);
    if (row !== undefined) this.log.log(`upstream ${name} ${healthy ? 'answers again' : 'still does not answer'}`);
    await this.pool.refresh();
  }

  private fedOf(upstreamId: string, changedAt: Date | null): Fed {
    const known = this.fed.get(upstreamId);
    if (known?.changedAt?.getTime() === changedAt?.getTime() && known !== undefined) return known;
    const fresh = { rule: new BreakerRule(this.clock), changedAt };
    this.fed.set(upstreamId, fresh);
    return fresh;
  }

  private async open(upstreamId: string, changedAt: Date | null): Promise<void> {
    const name = this.pool.find(upstreamId)?.name ?? upstreamId;
    try {
      const [row] = await this.database.run<{ circuit_until: Date }>(OPEN_CIRCUIT, [upstreamId, changedAt]);
      if (row !== undefined) this.log.warn(`upstream ${name} fails; no calls until ${row.circuit_until.toISOString()}`);
      await this.pool.refresh();
    } catch (error) {
      logFailure(this.log, `upstream ${name} fails, but that could not be written`, error);
    }
  }
}
