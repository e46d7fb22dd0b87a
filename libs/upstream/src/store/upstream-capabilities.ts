import { Logger } from '@nestjs/common';
import { logFailure, statement, type Database } from '#libs/database';
import { SingleFlight } from '#libs/runtime';
import type { UpstreamCache } from './upstream-cache.js';

/** What an upstream turned out to offer; null: not known yet. */
export interface Capabilities {
  /** It answers for many tasks in one call. */
  readsBatches: boolean | null;
  /** It lists its newest tasks. */
  listsRecent: boolean | null;
  /** Its tasks show the mark they were submitted with. */
  echoesState: boolean | null;
  /** It has called our push address. */
  pushes: boolean | null;
}

/**
 * Records capabilities that are not null. One task without its correlation id may have come from elsewhere, so an upstream
 * that echoed one once counts as echoing for ever.
 */
const RECORD = statement<Capabilities & { upstreamId: string }, object>({
  name: 'upstream_learn',
  pool: 'work',
  text: `update upstream set reads_batches = coalesce(:readsBatches::boolean, reads_batches),
      lists_recent = coalesce(:listsRecent::boolean, lists_recent),
      echoes_state = case when echoes_state then true else coalesce(:echoesState::boolean, echoes_state) end,
      pushes = coalesce(:pushes::boolean, pushes)
    where id = :upstreamId`,
});

/** Claims the look at an upstream's capabilities, unless the last one was less than `ageMs` ago. */
const CLAIM_PROBE = statement<{ upstreamId: string; ageMs: number }, { id: string }>({
  name: 'upstream_claim_offers',
  pool: 'work',
  text: `update upstream set probed_at = now()
    where id = :upstreamId and retired_at is null and (probed_at is null or probed_at <= now() - :ageMs::integer * interval '1 ms') returning id`,
});

/** Keeps what upstreams offer in their rows, as replicas find it out. */
export class UpstreamCapabilities {
  private readonly log = new Logger(UpstreamCapabilities.name);
  private readonly writes = new SingleFlight<void>();

  constructor(
    private readonly database: Database,
    private readonly upstreams: UpstreamCache,
  ) {}

  /** What is known of an upstream; nothing of an unknown one. */
  of(upstreamId: string): Capabilities {
    return this.upstreams.capabilitiesOf(upstreamId);
  }

  /** Keeps what is new; a no-op for what is known. Never throws: what cannot be kept is learned again. */
  async record(upstreamId: string, learned: Partial<Capabilities>): Promise<void> {
    const { readsBatches, listsRecent, echoesState, pushes } = this.of(upstreamId);
    const isNews =
      isNew(learned.readsBatches, readsBatches) ||
      isNew(learned.listsRecent, listsRecent) ||
      (isNew(learned.echoesState, echoesState) && echoesState !== true) ||
      isNew(learned.pushes, pushes);
    if (!isNews || this.upstreams.find(upstreamId) === null) return;
    return this.writes.run(upstreamId, () => this.write(upstreamId, learned));
  }

  /** Whether it is this replica that finds out now what an upstream offers. @throws DatabaseUnavailableError */
  async claim(upstreamId: string, ageMs: number): Promise<boolean> {
    return (await this.database.run(CLAIM_PROBE, { upstreamId, ageMs })).length > 0;
  }

  private async write(upstreamId: string, learned: Partial<Capabilities>): Promise<void> {
    const { readsBatches = null, listsRecent = null, echoesState = null, pushes = null } = learned;
    try {
      await this.database.run(RECORD, { upstreamId, readsBatches, listsRecent, echoesState, pushes });
      await this.upstreams.refresh();
    } catch (error) {
      logFailure(this.log, 'what an upstream offers could not be kept', error);
    }
  }
}

function isNew(learned: boolean | null | undefined, known: boolean | null): boolean {
  return learned !== undefined && learned !== null && learned !== known;
}
