import { LinkRefresher, type AssetKey, type OriginWay } from '#libs/assets';
import { TaskRepository } from '#libs/tracking';
import { UpstreamAdapter, UpstreamCallError, UpstreamCache, type Snapshot } from '#libs/upstream';

/** Asks the upstream of a task for its origin, and where its pictures are now. */
export class UpstreamLinkRefresher extends LinkRefresher {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
  ) {
    super();
  }

  wayTo(upstreamId: string): OriginWay | null {
    const [origin, target] = [this.upstreams.originOf(upstreamId), this.upstreams.find(upstreamId)];
    return origin === null ? null : { origin, proxy: target?.proxy ?? null, userAgent: target?.userAgent ?? null };
  }

  /** @throws UpstreamCallError */
  async freshLink(asset: AssetKey): Promise<string | null> {
    const snapshot = await this.ask(asset.taskId);
    return snapshot === null ? null : linkOf(snapshot, asset);
  }

  async inlinePicture(taskId: string, name: string): Promise<string | null> {
    try {
      return (await this.ask(taskId))?.inline?.get(name) ?? null;
    } catch (error) {
      if (error instanceof UpstreamCallError) return null;
      throw error;
    }
  }

  private async ask(taskId: string): Promise<Snapshot | null> {
    const task = await this.tasks.findPicture(taskId);
    if (task === null || task.upstreamId === null || task.upstreamTaskId === null) return null;
    const upstream = this.upstreams.find(task.upstreamId);
    return upstream === null ? null : this.adapter.fetch(upstream, task.upstreamTaskId);
  }
}

/** The link of an asset in a snapshot: the same choice as when the task ended. */
function linkOf(snapshot: Snapshot, { kind, n }: AssetKey): string | null {
  if (kind === 'video') return snapshot.videoUrls[n - 1] ?? null;
  return n === 0 ? (snapshot.imageUrl ?? snapshot.imageUrls[0] ?? null) : (snapshot.imageUrls[n - 1] ?? null);
}
