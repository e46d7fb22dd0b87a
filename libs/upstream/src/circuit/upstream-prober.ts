import { Logger } from '@nestjs/common';
import { logFailure, type Database } from '#libs/database';
import { SingleFlight, type JobScheduler } from '#libs/runtime';
import { isFailure } from '../calls/call-report.js';
import type { CircuitBreakers } from './circuit-breakers.js';
import { isOperatorFault, UpstreamCallError, type CallFault, type OperatorFault } from '../port/outcome.js';
import type { RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply } from '../port/snapshot.js';
import type { UpstreamAdapter, UpstreamTarget } from '../port/upstream-adapter.js';
import type { UpstreamCapabilities } from '../store/upstream-capabilities.js';
import type { UpstreamCache } from '../store/upstream-cache.js';

const TICK_MS = 1_000;
/** Margin of the lease over the deadline of a probe, so that its result comes before the lease ends. */
const LEASE_MARGIN_MS = 5_000;
const CAPABILITIES_TTL_MS = 600_000;
/** The same for an upstream that did not answer, so that its capabilities are not known. */
const UNKNOWN_TTL_MS = 60_000;

type Answer<T> = { answer: T } | { fault: CallFault };

/**
 * Each second: probes the upstreams whose circuit is half-open, and the capabilities of those whose last probe is too
 * long ago.
 */
export class UpstreamProber {
  private readonly log = new Logger(UpstreamProber.name);
  private readonly visits = new SingleFlight<void>();
  private isStopped = false;

  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly circuits: CircuitBreakers,
    private readonly capabilities: UpstreamCapabilities,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
  ) {}

  start(scheduler: Pick<JobScheduler, 'add'>): void {
    // Not awaited: shutdown must not wait for an upstream that does not answer its probe.
    scheduler.add({ name: UpstreamProber.name, everyMs: TICK_MS, work: () => void this.tick() });
  }

  /** Starts no more probes. Probes under way end when the adapter closes; their leases run out. */
  stop(): void {
    this.isStopped = true;
  }

  /** Makes all probes that are due, in parallel, and waits for them. Never throws. */
  async tick(): Promise<void> {
    await Promise.all(this.upstreams.all().map((up) => this.visitOnce(up)));
  }

  private async visitOnce(up: UpstreamTarget): Promise<void> {
    if (this.isStopped || this.visits.underWay(up.id) !== undefined) return;
    await this.visits.run(up.id, () =>
      this.visit(up).catch((error: unknown) =>
        logFailure(this.log, `upstream ${up.name} (${up.kind}) could not be probed`, error),
      ),
    );
  }

  private async visit(up: UpstreamTarget): Promise<void> {
    const circuit = this.upstreams.circuitOf(up.id);
    if (circuit === null || this.upstreams.hasUnreadableSecret(up.id)) return;
    const now = this.database.now();
    if (circuit.until !== null) return circuit.until <= now ? this.probe(up) : undefined;
    if (this.areCapabilitiesDue(up, now)) await this.probeCapabilities(up);
  }

  private async probe(up: UpstreamTarget): Promise<void> {
    const lease = await this.circuits.claimProbe(up.id, up.pollTimeoutMs + LEASE_MARGIN_MS);
    if (lease === null) return this.upstreams.refresh();
    const probed = await attempt<ProbeReply>(() => this.adapter.probe(up));
    if (this.isStopped) return;
    await this.circuits.endProbe(up.id, lease, resultOf(probed));
    if ('answer' in probed) await this.capabilities.record(up.id, probed.answer);
  }

  private areCapabilitiesDue({ id }: UpstreamTarget, now: Date): boolean {
    const { probedAt, isRetired } = this.upstreams.probeStateOf(id);
    if (isRetired) return false;
    if (probedAt === null) return true;
    const age = this.capabilities.of(id).readsBatches === null ? UNKNOWN_TTL_MS : CAPABILITIES_TTL_MS;
    return now.getTime() - probedAt.getTime() >= age;
  }

  private async probeCapabilities(up: UpstreamTarget): Promise<void> {
    if (!(await this.capabilities.claim(up.id, UNKNOWN_TTL_MS))) return this.upstreams.refresh();
    const probed = await attempt<ProbeReply>(() => this.adapter.probe(up));
    // What its kind settles needs no call.
    const isListKnown = up.capabilities.listsRecent !== null;
    const listed = isListKnown ? null : await attempt<RecentTasks | null>(() => this.adapter.listRecent(up));
    if (this.isStopped) return;
    await this.capabilities.record(up.id, {
      readsBatches: 'answer' in probed ? probed.answer.readsBatches : null,
      listsRecent: listed !== null && 'answer' in listed ? listed.answer !== null : null,
    });
    await this.upstreams.refresh();
  }
}

/** The result of a probe. A status of 4xx is an answer, unless it reports a fault of the key or the address. */
function resultOf(probed: Answer<ProbeReply>): 'healthy' | 'failed' | OperatorFault {
  if ('answer' in probed) return 'healthy';
  if (isOperatorFault(probed.fault)) return probed.fault;
  return isFailure(probed.fault) ? 'failed' : 'healthy';
}

async function attempt<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { answer: await call() };
  } catch (error) {
    if (!(error instanceof UpstreamCallError)) throw error;
    return { fault: error.fault };
  }
}
