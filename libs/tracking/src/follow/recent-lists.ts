import { Injectable, Logger } from '@nestjs/common';
import {
  UpstreamAdapter,
  UpstreamCallError,
  UpstreamCapabilities,
  UpstreamCache,
  type RecentQuery,
  type RecentTasks,
  type Snapshot,
} from '#libs/upstream';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { correlationIdOf, isCorrelationId } from '../task/correlation-id.js';

/** Reads lists of an upstream's newest tasks, if the upstream has such a list and may be asked. */
@Injectable()
export class RecentLists {
  private readonly log = new Logger(RecentLists.name);

  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly capabilities: UpstreamCapabilities,
    private readonly tasks: DueTaskRepository,
  ) {}

  /** Whether this upstream is known to echo the correlation ids of its tasks. */
  showCorrelationIds(upstreamId: string): boolean {
    return this.capabilities.of(upstreamId).echoesState === true;
  }

  /**
   * Reads the newest tasks of an upstream and records the capabilities that the list shows. Null: the upstream has no
   * list that could show correlation ids, or may not be asked now; tasks of an upstream without such a list end after
   * the usual time, without calls.
   */
  async find(upstreamId: string, query: RecentQuery): Promise<RecentTasks | null | 'failed'> {
    const up = this.upstreams.find(upstreamId);
    const { listsRecent, echoesState } = this.capabilities.of(upstreamId);
    if (up === null || listsRecent === false || !this.upstreams.mayCall(upstreamId)) return null;
    // Where a kind has no field for it, a send is recognised by its text and time.
    if (echoesState === false && up.capabilities.correlation === 'state') return null;
    try {
      const recent = await this.adapter.listRecent(up, query);
      const echoes = recent?.snapshots.some(({ state }) => isCorrelationId(state)) === true;
      await this.capabilities.record(upstreamId, {
        listsRecent: recent !== null,
        ...(echoes ? { echoesState: true } : {}),
      });
      return recent;
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      this.log.warn(`upstream ${up.name} (${up.kind}) did not answer a look-up (${error.fault})`);
      return 'failed';
    }
  }

  /**
   * The snapshots that an upstream lists under the correlation ids of these tasks and whose ids no row has, by task;
   * null: the upstream has no list, or cannot be asked now.
   * @throws DatabaseUnavailableError
   */
  async unknownOf(upstreamId: string, taskIds: readonly string[], since: Date): Promise<Map<string, Snapshot> | null> {
    const recent = await this.read(upstreamId, { since });
    if (recent === null) return null;
    const taskOf = new Map(taskIds.map((id) => [correlationIdOf(id), id]));
    const ours = recent.snapshots.filter(({ state }) => state !== null && taskOf.has(state));
    const known = await this.tasks.takenUpstreamIds(
      upstreamId,
      ours.map(({ upstreamTaskId }) => upstreamTaskId),
    );
    return new Map(
      ours
        .filter(({ upstreamTaskId }) => !known.has(upstreamTaskId))
        .map((snapshot) => [taskOf.get(snapshot.state ?? '') ?? '', snapshot]),
    );
  }

  private async read(upstreamId: string, query: RecentQuery): Promise<RecentTasks | null> {
    const up = this.upstreams.find(upstreamId);
    if (up === null || this.capabilities.of(upstreamId).listsRecent === false || !this.upstreams.mayCall(upstreamId))
      return null;
    try {
      return await this.adapter.listRecent(up, query);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return null;
    }
  }
}
