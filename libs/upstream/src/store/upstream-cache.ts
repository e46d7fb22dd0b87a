import { Logger } from '@nestjs/common';
import { logFailure, rowReader, statement, type Database, type NoParameters, type SecretBox } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';
import type { TaskAction, TaskMode } from '#libs/wire';
import type { SubmitCommand } from '../port/command.js';
import type { UpstreamKind } from '../kinds.js';
import type { Unsupported } from '../port/capabilities.js';
import { ableKinds } from './able-kinds.js';
import { capabilitiesOf, NOTHING_LEARNED, type Capabilities } from './known-capabilities.js';
import { WorkJudge } from './work-judge.js';
import { openSecrets, targetOf, type OpenedSecrets, type UsualDeadlines } from './call-target.js';
import type { OperatorFault, Outcome } from '../port/outcome.js';
import { SaturationBackoff, type WorkKind } from '../slots/saturation-backoff.js';
import { UnableTasks } from '../slots/unable-tasks.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { Upstream } from './upstream.entity.js';

export interface UpstreamCacheOptions extends UsualDeadlines {
  /** How often the cache is refreshed, ms; a multiple of the scheduler's tick. */
  refreshMs: number;
  /** Where upstreams reach the gateway; null, or left out: nowhere. */
  publicUrl?: string | null;
}

/** An upstream that may be picked for new work. */
export interface Candidate {
  id: string;
  priority: number;
  weight: number;
}

/** Work for which an upstream is chosen. */
export interface WantedWork {
  mode: TaskMode;
  action: TaskAction;
  command: SubmitCommand;
  /** Kinds of upstreams that its key accepts; null: all. */
  kinds: readonly string[] | null;
}

/** The state of an upstream's circuit. */
export interface Circuit {
  /** When the open circuit becomes half-open; past: a probe is due; null: closed. */
  until: Date | null;
  changedAt: Date | null;
  /** The fault that only its operator can mend; null: none. */
  misconfigured: OperatorFault | null;
}

const LIST_UPSTREAMS = statement<NoParameters, object>({
  name: 'upstream_list',
  pool: 'work',
  text: 'select * from upstream order by id',
});

const readUpstream = rowReader(Upstream);

/** Read cache of the table `upstream`, refreshed every two seconds, so that replicas agree. */
export class UpstreamCache {
  /** Waiting tasks that upstreams were given and cannot do. */
  readonly unable = new UnableTasks();
  private readonly backoff = new SaturationBackoff(() => performance.now());
  private readonly log = new Logger(UpstreamCache.name);
  private rows = new Map<string, Upstream>();
  private targets = new Map<string, UpstreamTarget>();
  /** Upstreams whose secret cannot be opened. */
  private readonly unreadableSecrets = new Set<string>();
  private readonly judge: WorkJudge;
  private reads = 0;
  private newestRead = 0;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly options: UpstreamCacheOptions,
  ) {
    this.judge = new WorkJudge(options.publicUrl ?? null);
  }

  /** Fills the cache and keeps it fresh. @throws DatabaseUnavailableError when the first read fails */
  async start(scheduler: Pick<JobScheduler, 'add'>): Promise<void> {
    await this.refresh();
    // Not awaited: a read on a connection that never answers must not hold up the next one.
    const work = (): void =>
      void this.refresh().catch((error: unknown) => logFailure(this.log, 'upstreams could not be read', error));
    scheduler.add({ name: UpstreamCache.name, everyMs: this.options.refreshMs, work });
  }

  /** Refreshes the cache. A read that ends after a later one is dropped. @throws DatabaseUnavailableError */
  async refresh(): Promise<void> {
    const read = (this.reads += 1);
    const rows = (await this.database.run(LIST_UPSTREAMS)).map(readUpstream);
    if (read < this.newestRead) return;
    this.newestRead = read;
    for (const { id, misconfigured } of rows) {
      // Its operator mended the fault, so it may take work again that it declined.
      if (misconfigured === null && (this.rows.get(id)?.misconfigured ?? null) !== null) this.backoff.forget(id);
    }
    this.targets = new Map(rows.map((row) => [row.id, targetOf(row, this.open(row), this.options)]));
    this.rows = new Map(rows.map((row) => [row.id, row]));
  }

  /** Every upstream that may still have tasks, retired ones included. */
  all(): UpstreamTarget[] {
    return [...this.targets.values()];
  }

  /** One upstream; null for an id that is not cached (yet). */
  find(id: string): UpstreamTarget | null {
    return this.targets.get(id) ?? null;
  }

  /** Whether an upstream takes new work, follow-ups included: it is enabled, and its circuit is closed. */
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
   * Whether an upstream may be called about the tasks that it has: its circuit is closed (a half-open one admits its probe
   * only), or is open for an OperatorFault, which keeps only new work from it.
   */
  mayCall(id: string): boolean {
    const upstream = this.rows.get(id);
    return (
      upstream !== undefined &&
      !this.unreadableSecrets.has(id) &&
      (upstream.circuitUntil === null || upstream.misconfigured !== null)
    );
  }

  /** The circuit of an upstream; null for an id that is not cached (yet). */
  circuitOf(id: string): Circuit | null {
    const upstream = this.rows.get(id);
    if (upstream === undefined) return null;
    const { circuitUntil: until, circuitChangedAt: changedAt, misconfigured } = upstream;
    return { until, changedAt, misconfigured };
  }

  /** Whether the secrets of an upstream cannot be opened here, so that it must not be called. */
  hasUnreadableSecret(id: string): boolean {
    return this.unreadableSecrets.has(id);
  }

  /** The known capabilities of an upstream: what its kind settles, else what its answers have shown. */
  capabilitiesOf(id: string): Capabilities {
    const upstream = this.rows.get(id);
    return upstream === undefined ? NOTHING_LEARNED : capabilitiesOf(upstream.kind, upstream);
  }

  /** When the capabilities of an upstream were last probed. */
  probeStateOf(id: string): { probedAt: Date | null; isRetired: boolean } {
    const upstream = this.rows.get(id);
    return { probedAt: upstream?.probedAt ?? null, isRetired: upstream?.retiredAt !== null };
  }

  /** The enabled upstreams that can do this work and take it, whatever their circuits. */
  candidates(work: WantedWork): Candidate[] {
    return [...this.rows.values()]
      .filter((upstream) => this.takesWork(upstream) && this.takes(upstream.id, work))
      .map(({ id, priority, weight }) => ({ id, priority, weight }));
  }

  /** Whether an upstream takes work of this mode and action, and its kind can do the command. */
  takes(id: string, { mode, action, command, kinds }: WantedWork): boolean {
    const target = this.targets.get(id);
    return (
      target !== undefined &&
      (target.modes?.includes(mode) ?? true) &&
      (target.actions?.includes(action) ?? true) &&
      (kinds?.includes(target.kind) ?? true) &&
      this.unsupported(target, { mode, action, command }) === null
    );
  }

  /** The kinds that can do the work, by the upstreams that there are ({@link ableKinds}); kept with a task that waits. */
  kindsFor(work: WantedWork): UpstreamKind[] | null {
    const live = [...this.targets.values()].filter(({ id }) => this.rows.get(id)?.retiredAt === null);
    return ableKinds(live, work.kinds, (target) => this.unsupported(target, work) === null);
  }

  /** Why an upstream cannot do work, whatever its operator lets it do; null: it can. */
  unsupported(target: UpstreamTarget, work: Pick<WantedWork, 'mode' | 'action' | 'command'>): Unsupported | null {
    return this.judge.lackOf(target, work);
  }

  /**
   * The candidates that are not backed off for such work, by the rules of {@link SaturationBackoff.available}. `work`
   * null: any.
   */
  available<T extends { id: string }>(candidates: readonly T[], work: WorkKind | null): T[] {
    return this.backoff.available(candidates, work);
  }

  /** Notes the outcome of a submit, from which the back-off follows. */
  noteAnswer(id: string, work: WorkKind, outcome: Outcome): void {
    this.backoff.note(id, work, outcome);
  }

  /** The longest submit deadline of these upstreams, ms; at least the gateway's own. */
  longestSubmitMs(candidates: readonly Pick<Candidate, 'id'>[]): number {
    const theirs = candidates.map(({ id }) => this.targets.get(id)?.submitTimeoutMs ?? 0);
    return Math.max(this.options.submitTimeoutMs, ...theirs);
  }

  /** The origin of an upstream's address; pictures may be fetched from it, even where it is private. */
  originOf(id: string): string | null {
    const target = this.targets.get(id);
    return target === undefined ? null : new URL(target.baseUrl).origin;
  }

  private takesWork({ id, enabled }: Upstream): boolean {
    return enabled && !this.unreadableSecrets.has(id);
  }

  /** Opens the secrets of a row. Where they were sealed under another SECRET_KEY, only this upstream stops working. */
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
