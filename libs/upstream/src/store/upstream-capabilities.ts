import { Logger } from '@nestjs/common';
import { logFailure, statement, type Database } from '#libs/database';
import { SingleFlight } from '#libs/runtime';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { capabilitiesOf, NOTHING_LEARNED, type Capabilities } from './known-capabilities.js';
import type { UpstreamCache } from './upstream-cache.js';

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

/** Claims the probe of an upstream's capabilities for this replica; no row where the last one was less than `ageMs` ago. */
const CLAIM_PROBE = statement<{ upstreamId: string; ageMs: number }, { id: string }>({
  name: 'upstream_claim_offers',
  pool: 'work',
  text: `update upstream set probed_at = now()
    where id = :upstreamId and retired_at is null and (probed_at is null or probed_at <= now() - :ageMs::integer * interval '1 ms') returning id`,
});

/** Records the capabilities of upstreams in their rows, as replicas find them out. */
export class UpstreamCapabilities {
  private readonly log = new Logger(UpstreamCapabilities.name);
  private readonly writes = new SingleFlight<void>();

  constructor(
    private readonly database: Database,
    private readonly upstreams: UpstreamCache,
  ) {}

  /** The known capabilities of an upstream; all null for an unknown id. */
  of(upstreamId: string): Capabilities {
    return this.upstreams.capabilitiesOf(upstreamId);
  }

  /**
   * Records capabilities; a no-op for known ones, and for those that the kind settles. Never throws: capabilities that could
   * not be written are found again.
   */
  async record(upstreamId: string, shown: Partial<Capabilities>): Promise<void> {
    const up = this.upstreams.find(upstreamId);
    if (up === null) return;
    const learned = unsettled(up, shown);
    const { readsBatches, listsRecent, echoesState, pushes } = this.of(upstreamId);
    const isNews =
      isNew(learned.readsBatches, readsBatches) ||
      isNew(learned.listsRecent, listsRecent) ||
      (isNew(learned.echoesState, echoesState) && echoesState !== true) ||
      isNew(learned.pushes, pushes);
    if (!isNews) return;
    return this.writes.run(upstreamId, () => this.write(upstreamId, learned));
  }

  /** Whether this replica may probe the capabilities of an upstream now. @throws DatabaseUnavailableError */
  async claim(upstreamId: string, ageMs: number): Promise<boolean> {
    return (await this.database.run(CLAIM_PROBE, { upstreamId, ageMs })).length > 0;
  }

  private async write(upstreamId: string, learned: Partial<Capabilities>): Promise<void> {
    const { readsBatches = null, listsRecent = null, echoesState = null, pushes = null } = learned;
    try {
      await this.database.run(RECORD, { upstreamId, readsBatches, listsRecent, echoesState, pushes });
      await this.upstreams.refresh();
    } catch (error) {
      logFailure(this.log, 'the capabilities of an upstream could not be recorded', error);
    }
  }
}

/** What answers have shown, without what the kind of the upstream settles. */
function unsettled({ kind }: Pick<UpstreamTarget, 'kind'>, shown: Partial<Capabilities>): Partial<Capabilities> {
  const settled = capabilitiesOf(kind, NOTHING_LEARNED);
  return Object.fromEntries(Object.entries(shown).filter(([name]) => settled[name as keyof Capabilities] === null));
}

function isNew(learned: boolean | null | undefined, known: boolean | null): boolean {
  return learned !== undefined && learned !== null && learned !== known;
}
