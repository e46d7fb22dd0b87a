import { Logger } from '@nestjs/common';
import { logFailure, rowReader, statement, type Database, type NoParameters, type SecretBox } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';
import type { TaskAction, TaskMode } from '#libs/wire';
import { openSecrets, targetOf, type OpenedSecrets, type UsualDeadlines } from './call-target.js';
import type { OperatorFault, Outcome } from '../port/outcome.js';
import { SaturationBackoff, type WorkKind } from '../slots/saturation-backoff.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import type { Capabilities } from './upstream-capabilities.js';
import { Upstream } from './upstream.entity.js';

export interface UpstreamCacheOptions extends UsualDeadlines {
  /** How often the list is read again, ms; a multiple of the scheduler's tick. */
  refreshMs: number;
}

/** An upstream that may be picked for new work. */
export interface Candidate {
  id: string;
  priority: number;
  weight: number;
}

/** How an upstream's circuit stands. */
export interface Circuit {
  /** No new work until then; past: a probe is due; null: closed. */
  until: Date | null;
  changedAt: Date | null;
  /** What only its operator can mend; null: nothing. */
  misconfigured: OperatorFault | null;
}

const LIST_UPSTREAMS = statement<NoParameters, object>({
  name: 'upstream_list',
  pool: 'work',
  text: 'select * from upstream order by id',
});

const readUpstream = rowReader(Upstream);

/** The upstreams as this replica knows them: read again every two seconds, so that replicas agree. */
export class UpstreamCache {
  private readonly backoff = new SaturationBackoff(() => performance.now());
  private readonly log = new Logger(UpstreamCache.name);
  private rows = new Map<string, Upstream>();
  private targets = new Map<string, UpstreamTarget>();
  /** Upstreams whose secret cannot be opened. */
  private readonly unreadableSecrets = new Set<string>();
  private reads = 0;
  private newestRead = 0;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly options: UpstreamCacheOptions,
  ) {}

  /** Reads the list and keeps it fresh. @throws DatabaseUnavailableError when the first read fails */
  async start(scheduler: Pick<JobScheduler, 'add'>): Promise<void> {
    await this.refresh();
    // Not awaited: a read on a connection that never answers must not hold up the next one.
    const work = (): void =>
      void this.refresh().catch((error: unknown) => logFailure(this.log, 'upstreams could not be read', error));
    scheduler.add({ name: UpstreamCache.name, everyMs: this.options.refreshMs, work });
  }

  /** Reads the list anew. A read that began earlier and ends later changes nothing. @throws DatabaseUnavailableError */
  async refresh(): Promise<void> {
    const read = (this.reads += 1);
    const rows = (await this.database.run(LIST_UPSTREAMS)).map(readUpstream);
    if (read < this.newestRead) return;
    this.newestRead = read;
    for (const { id, misconfigured } of rows) {
      // It was helped: what it declined before, it may take now.
      if (misconfigured === null && (this.rows.get(id)?.misconfigured ?? null) !== null) this.backoff.forget(id);
    }
    this.targets = new Map(rows.map((row) => [row.id, targetOf(row, this.open(row), this.options)]));
    this.rows = new Map(rows.map((row) => [row.id, row]));
  }

  /** Every upstream that may still have tasks, retired ones included. */
  all(): UpstreamTarget[] {
    return [...this.targets.values()];
  }

  /** Null for an id that is not known here (yet). */
  find(id: string): UpstreamTarget | null {
    return this.targets.get(id) ?? null;
  }

  /** Whether an upstream takes new work, follow-ups included: it is switched on, and its circuit is closed. */
  isUsable(id: string): boolean {
    const upstream = this.rows.get(id);
    return upstream !== undefined && this.takesWork(upstream) && upstream.circuitUntil === null;
  }

  /** Every upstream that takes new work now, whatever its mode and action. */
  usable(): Candidate[] {
    return [...this.rows.values()]
      .filter(({ id }) => this.isUsable(id))
      .map(({ id, priority, weight }) => ({ id, priority, weight }));
  }

  /**
   * Whether an upstream may be called for the tasks that it has: its circuit is closed (half-open is for the probe), or only
   * new work is kept from it until its operator helps.
   */
  mayCall(id: string): boolean {
    const upstream = this.rows.get(id);
    return (
      upstream !== undefined &&
      !this.unreadableSecrets.has(id) &&
      (upstream.circuitUntil === null || upstream.misconfigured !== null)
    );
  }

  /** How a circuit stands; null for an upstream that is not known here (yet). */
  circuitOf(id: string): Circuit | null {
    const upstream = this.rows.get(id);
    if (upstream === undefined) return null;
    const { circuitUntil: until, circuitChangedAt: changedAt, misconfigured } = upstream;
    return { until, changedAt, misconfigured };
  }

  /** Whether what is sealed in its row cannot be opened here: it cannot be called as it is to be. */
  hasUnreadableSecret(id: string): boolean {
    return this.unreadableSecrets.has(id);
  }

  /** What an upstream turned out to offer. */
  capabilitiesOf(id: string): Capabilities {
    const { readsBatches = null, listsRecent = null, echoesState = null, pushes = null } = this.rows.get(id) ?? {};
    return { readsBatches, listsRecent, echoesState, pushes };
  }

  /** When an upstream was last asked what it offers. */
  probeStateOf(id: string): { probedAt: Date | null; isRetired: boolean } {
    const upstream = this.rows.get(id);
    return { probedAt: upstream?.probedAt ?? null, isRetired: upstream?.retiredAt !== null };
  }

  /** The upstreams that take this mode and action at all. */
  candidates(mode: TaskMode, action: TaskAction): Candidate[] {
    return [...this.rows.values()]
      .filter(
        (upstream) =>
          this.takesWork(upstream) &&
          (upstream.modes?.includes(mode) ?? true) &&
          (upstream.actions?.includes(action) ?? true),
      )
      .map(({ id, priority, weight }) => ({ id, priority, weight }));
  }

  /** Those of `candidates` that did not just decline such work; all of them where every one did. `work` null: any. */
  available<T extends { id: string }>(candidates: readonly T[], work: WorkKind | null): T[] {
    return this.backoff.available(candidates, work);
  }

  /** Takes in how an upstream answered a submit. */
  noteAnswer(id: string, work: WorkKind, outcome: Outcome): void {
    this.backoff.note(id, work, outcome);
  }

  /** How long an answer to a submit may take, ms, whichever of these upstreams gets it; never less than the gateway's own setting. */
  longestSubmitMs(candidates: readonly Pick<Candidate, 'id'>[]): number {
    const theirs = candidates.map(({ id }) => this.targets.get(id)?.submitTimeoutMs ?? 0);
    return Math.max(this.options.submitTimeoutMs, ...theirs);
  }

  /** The origin of an upstream's own address; its pictures may come from there whatever the address is. */
  originOf(id: string): string | null {
    const target = this.targets.get(id);
    return target === undefined ? null : new URL(target.baseUrl).origin;
  }

  private takesWork({ id, enabled }: Upstream): boolean {
    return enabled && !this.unreadableSecrets.has(id);
  }

  /** What was sealed under another SECRET_KEY costs its upstream its new work, and the others nothing. */
  private open(row: Upstream): OpenedSecrets {
    const { id, name } = row;
    try {
      const opened = openSecrets(row, this.secrets);
      this.unreadableSecrets.delete(id);
      return opened;
    } catch {
      if (!this.unreadableSecrets.has(id)) {
        this.log.error(`the secret of upstream ${name} was stored under another SECRET_KEY and must be given again`);
      }
      this.unreadableSecrets.add(id);
      return { secret: null, proxy: null };
    }
  }
}
