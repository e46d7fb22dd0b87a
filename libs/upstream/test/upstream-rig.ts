import { randomBytes } from 'node:crypto';
import { Database, SecretBox } from '#libs/database';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { CallLog } from '../src/calls/call-log.js';
import { CircuitBreakers } from '../src/circuit/circuit-breakers.js';
import { UpstreamCallError, type CallFault, type Outcome } from '../src/port/outcome.js';
import type { RecentTasks } from '../src/port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../src/port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../src/port/upstream-adapter.js';
import { HealthLog } from '../src/calls/health-log.js';
import { UpstreamCapabilities } from '../src/store/upstream-capabilities.js';
import { UpstreamCache } from '../src/store/upstream-cache.js';
import { UpstreamProber } from '../src/circuit/upstream-prober.js';
import { CallObserver } from '../src/calls/call-observer.js';
import { InstrumentedAdapter } from '../src/calls/instrumented-adapter.js';

/** An adapter without a wire: says what a test puts in, and counts its calls. */
export class ScriptedAdapter extends UpstreamAdapter {
  readonly calls: string[] = [];
  outcome: Outcome | Promise<Outcome> = { kind: 'accepted', upstreamTaskIds: ['17'] };
  /** Why every read fails; null: none does. */
  fault: CallFault | null = null;
  /** Where every read is led instead; null: nowhere. */
  redirectsTo: string | null = null;
  reply: ProbeReply | Promise<ProbeReply> = { readsBatches: true };
  recent: RecentTasks | null = { snapshots: [], reachesBackTo: -Infinity };

  async submit(): Promise<Outcome> {
    this.calls.push('submit');
    return this.outcome;
  }

  fetchMany(): Promise<Snapshot[]> {
    return this.read('fetchMany', []);
  }

  fetch(): Promise<Snapshot | null> {
    return this.read('fetch', null);
  }

  listRecent(): Promise<RecentTasks | null> {
    return this.read('listRecent', this.recent);
  }

  seed(): Promise<SeedReply> {
    return this.read('seed', { kind: 'seed', seed: '1' });
  }

  cancel(): Promise<boolean> {
    return this.read('cancel', true);
  }

  async probe(): Promise<ProbeReply> {
    return this.read('probe', await this.reply);
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }

  private async read<T>(what: string, answer: T): Promise<T> {
    this.calls.push(what);
    if (this.fault !== null) throw new UpstreamCallError(this.fault);
    if (this.redirectsTo !== null) {
      throw new UpstreamCallError('redirected', { answer: { redirectsTo: this.redirectsTo } });
    }
    return Promise.resolve(answer);
  }
}

/** What one process has of the watching of upstreams. */
export interface UpstreamReplica {
  upstreams: UpstreamCache;
  circuits: CircuitBreakers;
  calls: CallLog;
  health: HealthLog;
  observer: CallObserver;
  adapter: InstrumentedAdapter;
  capabilities: UpstreamCapabilities;
  prober: UpstreamProber;
  /** The upstream as this process knows it. */
  target(id: string): UpstreamTarget;
}

/** A migrated database with upstreams, and processes that watch them. */
export class UpstreamRig {
  readonly secrets = new SecretBox(randomBytes(32));
  private readonly caches: UpstreamCache[] = [];
  private names = 0;

  private constructor(
    readonly database: Database,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<UpstreamRig> {
    const made = await createTestDatabase();
    const database = new Database({ url: made.url, connections: { http: 2, work: 6 }, statementTimeoutMs: 10_000 });
    return new UpstreamRig(database, () => made.drop());
  }

  /** Adds an upstream with these columns besides its defaults; gives its id. */
  async add(columns: Record<string, unknown> = {}): Promise<string> {
    const all = { name: `up-${(this.names += 1)}`, base_url: 'http://127.0.0.1:9', ...columns };
    const keys = Object.keys(all);
    const [row] = await this.sql<{ id: string }>(
      `with made as (insert into upstream (${keys.join()}) values (${keys.map((_, at) => `$${at + 1}`).join()}) returning id),
        load as (insert into upstream_load (upstream_id, max_concurrent) select id, 5 from made)
       select id from made`,
      Object.values(all),
    );
    return row?.id ?? '';
  }

  /** A process of its own; it knows the upstreams that there are now, and nothing of it runs by itself. */
  async replica(inner: UpstreamAdapter): Promise<UpstreamReplica> {
    const { database } = this;
    const options = { submitTimeoutMs: 30_000, pollTimeoutMs: 10_000, refreshMs: 3_600_000 };
    const upstreams = new UpstreamCache(database, this.secrets, options);
    await upstreams.refresh();
    this.caches.push(upstreams);
    const circuits = new CircuitBreakers(database, upstreams);
    const calls = new CallLog(database);
    const health = new HealthLog(database);
    const observer = new CallObserver(upstreams, circuits, calls, health);
    const adapter = new InstrumentedAdapter(inner, observer, () => database.now());
    const capabilities = new UpstreamCapabilities(database, upstreams);
    const prober = new UpstreamProber(upstreams, circuits, capabilities, adapter, database);
    const target = (id: string): UpstreamTarget => {
      const found = upstreams.find(id);
      if (found === null) throw new Error(`no upstream ${id}`);
      return found;
    };
    return { upstreams, circuits, calls, health, observer, adapter, capabilities, prober, target };
  }

  /** Lets time pass for every circuit and every probe. */
  async passTime(ms: number): Promise<void> {
    const moves = ['circuit_until', 'circuit_changed_at', 'probed_at'].map(
      (column) => `${column} = ${column} - $1::bigint * interval '1 ms'`,
    );
    await this.sql(`update upstream set ${moves.join()}`, [ms]);
    await Promise.all(this.caches.map((upstreams) => upstreams.refresh()));
  }

  sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run<Row>({ name: '', pool: 'work', text }, values);
  }

  /** Empties the database. After each test. */
  async reset(): Promise<void> {
    this.caches.splice(0);
    await this.sql('truncate upstream restart identity cascade');
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
  }
}
