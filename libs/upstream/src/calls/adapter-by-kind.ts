import type { UpstreamHttp } from '../http/upstream-http.js';
import { definitionOf, UPSTREAM_KINDS, type UpstreamKind } from '../kinds.js';
import type { SubmitCommand, SubmitContext } from '../port/command.js';
import type { Outcome } from '../port/outcome.js';
import type { RecentQuery, RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../port/upstream-adapter.js';

/** The adapter of all upstreams: hands every call to the adapter of the upstream's kind. They share one HTTP client. */
export class AdapterByKind extends UpstreamAdapter {
  private readonly adapters: ReadonlyMap<UpstreamKind, UpstreamAdapter>;

  constructor(http: UpstreamHttp) {
    super();
    this.adapters = new Map(UPSTREAM_KINDS.map((kind) => [kind, definitionOf(kind).makeAdapter(http)]));
  }

  override submitLocally(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Outcome | null {
    return this.of(up).submitLocally(up, command, context);
  }

  submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    return this.of(up).submit(up, command, context);
  }

  fetchMany(up: UpstreamTarget, upstreamTaskIds: readonly string[], onUnreadable?: () => void): Promise<Snapshot[]> {
    return this.of(up).fetchMany(up, upstreamTaskIds, onUnreadable);
  }

  fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    return this.of(up).fetch(up, upstreamTaskId);
  }

  listRecent(up: UpstreamTarget, query?: RecentQuery): Promise<RecentTasks | null> {
    return this.of(up).listRecent(up, query);
  }

  seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    return this.of(up).seed(up, upstreamTaskId);
  }

  cancel(up: UpstreamTarget, upstreamTaskId: string): Promise<boolean> {
    return this.of(up).cancel(up, upstreamTaskId);
  }

  probe(up: UpstreamTarget): Promise<ProbeReply> {
    return this.of(up).probe(up);
  }

  async close(): Promise<void> {
    await Promise.all([...this.adapters.values()].map((adapter) => adapter.close()));
  }

  private of({ kind }: UpstreamTarget): UpstreamAdapter {
    const adapter = this.adapters.get(kind);
    if (adapter === undefined) throw new Error(`no adapter of kind ${kind}`);
    return adapter;
  }
}
