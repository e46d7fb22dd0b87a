import {
  RouteMissingError,
  UpstreamAdapter,
  UpstreamCallError,
  UpstreamCapabilities,
  UpstreamCache,
  type Snapshot,
  type UpstreamTarget,
} from '#libs/upstream';

/** Tasks of one list call. */
const LIST_BATCH = 100;

/** Answer of an upstream for a batch. */
export interface BatchAnswer {
  snapshots: Snapshot[];
  /** Ids whose state stays unknown: they were not asked for, or the call failed. */
  unanswered: ReadonlySet<string>;
}

/** Reads many tasks of an upstream: in one call if the upstream has a list route, otherwise one by one. */
export class BatchReader {
  constructor(
    private readonly adapter: UpstreamAdapter,
    private readonly upstreams: UpstreamCache,
    private readonly capabilities: UpstreamCapabilities,
    private readonly onUnreadable: (up: UpstreamTarget) => void,
  ) {}

  /** Best number of tasks for one batch. */
  sizeFor(upstreamId: string): number {
    if (!this.readsSingly(upstreamId)) return LIST_BATCH;
    return this.upstreams.find(upstreamId)?.capabilities.singleReads.most ?? 1;
  }

  /** Whether each task of this upstream is a call of its own. */
  readsSingly(upstreamId: string): boolean {
    return this.capabilities.of(upstreamId).readsBatches === false;
  }

  /** @throws UpstreamCallError when no call was answered */
  async read(up: UpstreamTarget, ids: readonly string[]): Promise<BatchAnswer> {
    if (this.readsSingly(up.id)) return this.readSingly(up, ids);
    try {
      return await this.readListed(up, ids);
    } catch (error) {
      if (!(error instanceof RouteMissingError)) throw error;
      await this.capabilities.record(up.id, { readsBatches: false });
      return this.readSingly(up, ids);
    }
  }

  /**
   * Reads ids with list calls. An answer that one task makes too large or unreadable is requested again in halves, so
   * that the other tasks continue. The last remaining task counts as left out of the answer: a task that can never be
   * read must not run for ever.
   */
  private async readListed(up: UpstreamTarget, ids: readonly string[]): Promise<BatchAnswer> {
    try {
      const snapshots = await this.adapter.fetchMany(up, ids, () => this.onUnreadable(up));
      await this.capabilities.record(up.id, { readsBatches: true });
      return { snapshots, unanswered: new Set() };
    } catch (error) {
      if (!(error instanceof UpstreamCallError) || !isUnreadable(error)) throw error;
      if (ids.length === 1) return { snapshots: [], unanswered: new Set() };
      const middle = Math.ceil(ids.length / 2);
      const halves = [ids.slice(0, middle), ids.slice(middle)];
      const read = await Promise.all(halves.map((half) => this.readHalf(up, half)));
      return {
        snapshots: read.flatMap(({ snapshots }) => snapshots),
        unanswered: new Set(read.flatMap(({ unanswered }) => [...unanswered])),
      };
    }
  }

  /** Reads one half; if it fails for another reason, its ids stay unanswered. */
  private async readHalf(up: UpstreamTarget, ids: readonly string[]): Promise<BatchAnswer> {
    try {
      return await this.readListed(up, ids);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return { snapshots: [], unanswered: new Set(ids) };
    }
  }

  private async readSingly(up: UpstreamTarget, ids: readonly string[]): Promise<BatchAnswer> {
    const snapshots: Snapshot[] = [];
    const unanswered = new Set(ids);
    const { atOnce, most } = up.capabilities.singleReads;
    const queue = ids.slice(0, most);
    let failure: UpstreamCallError | null = null;
    const work = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined && this.upstreams.mayCall(up.id); id = queue.shift()) {
        try {
          const snapshot = await this.adapter.fetch(up, id);
          unanswered.delete(id);
          if (snapshot !== null) snapshots.push(snapshot);
        } catch (error) {
          if (!(error instanceof UpstreamCallError)) throw error;
          if (isUnreadable(error)) unanswered.delete(id);
          else failure = error;
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (failure !== null && unanswered.size === ids.length) throw failure as UpstreamCallError;
    return { snapshots, unanswered };
  }
}

/** Whether the upstream answered with a body from which no task can be read. */
function isUnreadable({ fault }: UpstreamCallError): boolean {
  return fault === 'unreadable' || fault === 'unexpected';
}
