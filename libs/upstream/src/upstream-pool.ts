import { Logger } from '@nestjs/common';
import { rowReader, type Database, type SecretBox, type Statement } from '#libs/database';
import type { TaskAction, TaskMode } from '#libs/wire';
import type { UpstreamTarget } from './upstream-adapter.js';
import { Upstream } from './upstream.entity.js';

export interface PoolOptions {
  /** Deadlines of upstreams that have none of their own, ms. */
  submitTimeoutMs: number;
  pollTimeoutMs: number;
  /** How often the list is read again, ms. */
  refreshMs: number;
}

/** An upstream that may be picked for new work. */
export interface Candidate {
  id: string;
  priority: number;
  weight: number;
}

const LIST_UPSTREAMS: Statement = {
  name: 'upstream_list',
  pool: 'work',
  text: 'select * from upstream order by id',
};

const readUpstream = rowReader(Upstream);

/** The upstreams as this replica knows them: read again every two seconds, so that replicas agree. */
export class UpstreamPool {
  private readonly log = new Logger(UpstreamPool.name);
  private upstreams: readonly Upstream[] = [];
  private targets = new Map<string, UpstreamTarget>();
  /** Upstreams whose secret cannot be opened. */
  private readonly locked = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly options: PoolOptions,
  ) {}

  /** Reads the list and keeps it fresh. @throws DatabaseUnavailableError when the first read fails */
  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      void this.refresh().catch((error: unknown) => this.log.warn(`upstreams could not be read: ${String(error)}`));
    }, this.options.refreshMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Every upstream that may still have tasks, retired ones included. */
  all(): UpstreamTarget[] {
    return [...this.targets.values()];
  }

  /** Null for an id that is not known here (yet). */
  find(id: string): UpstreamTarget | null {
    return this.targets.get(id) ?? null;
  }

  /** Whether an upstream takes new work, follow-ups included. */
  isUsable(id: string, now: Date): boolean {
    const upstream = this.upstreams.find((candidate) => candidate.id === id);
    return (
      upstream !== undefined &&
      this.takesWork(upstream) &&
      !(upstream.circuitUntil !== null && upstream.circuitUntil > now)
    );
  }

  /** The upstreams that take this mode and action at all. */
  candidates(mode: TaskMode, action: TaskAction): Candidate[] {
    return this.upstreams
      .filter(
        (upstream) =>
          this.takesWork(upstream) &&
          (upstream.modes?.includes(mode) ?? true) &&
          (upstream.actions?.includes(action) ?? true),
      )
      .map(({ id, priority, weight }) => ({ id, priority, weight }));
  }

  /** The origin of an upstream's own address; its pictures may come from there whatever the address is. */
  originOf(id: string): string | null {
    const target = this.targets.get(id);
    return target === undefined ? null : new URL(target.baseUrl).origin;
  }

  private takesWork({ id, enabled }: Upstream): boolean {
    return enabled && !this.locked.has(id);
  }

  private async refresh(): Promise<void> {
    const rows = (await this.database.run(LIST_UPSTREAMS)).map(readUpstream);
    this.targets = new Map(rows.map((row) => [row.id, this.toTarget(row)]));
    this.upstreams = rows;
  }

  private toTarget(row: Upstream): UpstreamTarget {
    return {
      id: row.id,
      name: row.name,
      baseUrl: row.baseUrl,
      secret: this.openSecret(row),
      modes: row.modes,
      actions: row.actions,
      acceptsNotifyHook: row.acceptsNotifyHook,
      acceptsAccountFilter: row.acceptsAccountFilter,
      submitTimeoutMs: row.submitTimeoutMs ?? this.options.submitTimeoutMs,
      pollTimeoutMs: row.pollTimeoutMs ?? this.options.pollTimeoutMs,
      fullTexts: row.fullTexts,
    };
  }

  /** A secret sealed under another SECRET_KEY costs its upstream its new work, and the others nothing. */
  private openSecret({ id, name, secret }: Upstream): string | null {
    if (secret === null) return null;
    try {
      const opened = this.secrets.open(secret);
      this.locked.delete(id);
      return opened;
    } catch {
      if (!this.locked.has(id)) {
        this.log.error(`the secret of upstream ${name} was stored under another SECRET_KEY and must be given again`);
      }
      this.locked.add(id);
      return null;
    }
  }
}
