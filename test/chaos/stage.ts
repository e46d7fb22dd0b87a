import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiKeyCache } from '#libs/access';
import { Database, SecretBox } from '#libs/database';
import { EnvUpstreams, type UpstreamKind } from '#libs/upstream';
import { migrateDatabase } from '../../apps/gateway/src/database/migrate-database.js';
import { Balancer } from './balancer.js';
import { ChaosPostgres } from './chaos-postgres.js';
import { ChaosUpstream } from './chaos-upstream.js';
import { collectHistory, countUnsettled, type Unsettled } from './collect-history.js';
import { Fleet } from './fleet.js';
import type { History } from './history.js';
import { HookReceivers, type HookReceiver } from './hook-receivers.js';
import { LoadClient, type Work } from './load-client.js';
import type { RigUpstream } from './rig-upstream.js';
import { SimulatorProcess, type SimulatorSettings } from './simulator-process.js';
import type { UpstreamDialect } from './upstream-tasks.js';
import { VendorUpstream } from './vendor-upstream.js';
import { wordsOf } from './vendors.js';

/** What a scenario needs before it begins. */
export interface StageOptions {
  gateways: number;
  /** Healthy receivers, among which requests take turns. */
  receivers: number;
  /** Tasks the upstream runs at once. */
  slots: number;
  workMs: readonly [number, number];
  dialect?: UpstreamDialect;
  /** A simulator of each of these kinds is the upstreams; the rig's own midjourney-proxy unless given. */
  vendors?: readonly UpstreamKind[];
  /** Each of them in a process of its own. */
  ownProcesses?: boolean;
  /** What request n asks for; an imagine unless given. */
  workOf?: (request: number) => Work;
  /** Requests under way at once. */
  inFlight: number;
  /** Retries that they ask for; none unless given. */
  retries?: number;
  /** Settings of the gateways besides those of SETTINGS. */
  settings?: Readonly<Record<string, string>>;
  /** How often failing receivers are probed, ms; 30 s unless given. */
  probeMs?: number;
  random: () => number;
}

/** What every gateway of the rig is set to. Times are short, because nothing here takes as long as a real upstream. */
export const SETTINGS = {
  SUBMIT_TIMEOUT_MS: '3000',
  SUBMIT_SETTLE_MS: '10000',
  POLL_MIN_MS: '500',
  HOOK_RETRY_SCHEDULE: '1,2,4,8,15,30,60,60,60',
  QUEUE_LIMIT: '1000000',
  EGRESS_ALLOW: '127.0.0.0/8',
  LOG_LEVEL: 'warn',
} as const;

const CREDITS = 1_000_000;
const POLL_DEADLINE_MS = 3_000;
const TRY_MS = 8_000;
const PATIENCE_MS = 120_000;
const LOOK_MS = 500;

/** Postgres, upstream, receivers, balancer and gateways of one scenario, and the clients' view of them. */
export class Stage {
  private constructor(
    readonly postgres: ChaosPostgres,
    readonly database: Database,
    readonly upstreams: readonly RigUpstream[],
    readonly receivers: HookReceivers,
    readonly healthy: readonly HookReceiver[],
    readonly fleet: Fleet,
    readonly clients: LoadClient,
    readonly options: StageOptions,
    private readonly balancer: Balancer,
  ) {}

  static async open(options: StageOptions): Promise<Stage> {
    const postgres = await ChaosPostgres.start();
    await migrateDatabase(postgres.url);
    const database = new Database({
      url: postgres.url,
      connections: { http: 1, work: 2 },
      statementTimeoutMs: 30_000,
    });
    const upstreams = await startUpstreams(options, postgres.dir);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const receivers = new HookReceivers(secret, wordsOf(upstreams.flatMap(({ addresses }) => addresses)));
    const healthy = await receivers.add(options.receivers, 'good');
    const balancer = await Balancer.start();
    const key = `sk-${randomBytes(24).toString('hex')}`;
    const secretKey = randomBytes(32);
    await prepare(database, new SecretBox(secretKey), key, upstreams, options);
    const environment = {
      ...SETTINGS,
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATABASE_URL: postgres.url,
      SECRET_KEY: secretKey.toString('base64'),
      DATA_DIR: join(postgres.dir, 'gateways'),
      API_KEY: key,
      WEBHOOK_SECRET: secret,
      PUBLIC_URL: balancer.url,
      ...(options.probeMs === undefined ? {} : { CHAOS_PROBE_MS: String(options.probeMs) }),
      ...options.settings,
    };
    const fleet = new Fleet(environment, balancer);
    const clients = new LoadClient(
      {
        url: balancer.url,
        key,
        inFlight: options.inFlight,
        retries: options.retries,
        workOf: options.workOf,
        tryMs: TRY_MS,
        patienceMs: PATIENCE_MS,
      },
      (request) => healthy[request % healthy.length]?.url ?? '',
    );
    const parts = [postgres, database, upstreams, receivers, healthy, fleet, clients, options, balancer] as const;
    return new Stage(...parts);
  }

  /** The rig's own midjourney-proxy. @throws Error where the scenario has simulators */
  get upstream(): ChaosUpstream {
    const [only] = this.upstreams;
    if (only instanceof ChaosUpstream) return only;
    throw new Error('the upstreams of this scenario are simulators');
  }

  /** Those upstreams that are simulators. */
  get vendors(): VendorUpstream[] {
    return this.upstreams.filter((one) => one instanceof VendorUpstream);
  }

  async startGateways(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.gateways }, () => this.fleet.start()));
  }

  /** Waits until every task has ended and every receiver been told, `withinMs` at most. Gives what has not. */
  async settle(withinMs: number): Promise<Unsettled> {
    if (this.fleet.up().length === 0) await this.fleet.start();
    for (const giveUpAt = Date.now() + withinMs; ; await sleep(LOOK_MS)) {
      const left = await countUnsettled(this.database);
      if ((left.tasks === 0 && left.hooks === 0) || Date.now() > giveUpAt) return left;
    }
  }

  /** Stops the gateways and gathers what happened. */
  async history(): Promise<History> {
    await this.fleet.stopAll();
    const { arrivals } = this.receivers;
    const { exits } = this.fleet;
    return collectHistory(this.database, this.upstreams, { clients: this.clients.records, arrivals, exits });
  }

  async close(): Promise<void> {
    this.fleet.destroy();
    await this.clients.close();
    await this.balancer.close();
    await this.receivers.close();
    await Promise.all(this.upstreams.map((upstream) => upstream.close()));
    await this.database.close();
    await this.postgres.remove();
  }
}

async function startUpstreams(options: StageOptions, dir: string): Promise<RigUpstream[]> {
  const { vendors, random, slots, workMs, ownProcesses = false } = options;
  if (vendors === undefined) return [await ChaosUpstream.start(options)];
  const settings = {
    secret: randomBytes(12).toString('hex'),
    runMs: Math.round((workMs[0] + workMs[1]) / 2),
    // The gateway is to count right; what it gave up may still run.
    concurrency: 3 * slots,
  };
  const simulators = new Map<string, Promise<SimulatorProcess>>();
  const simulatorOf = (name: string): Promise<SimulatorProcess> => {
    const started = simulators.get(name) ?? startSimulator({ ...settings, dir: join(dir, `simulator-${name}`) });
    simulators.set(name, started);
    return started;
  };
  return Promise.all(
    vendors.map(async (kind) =>
      VendorUpstream.start({ kind, random, simulator: await simulatorOf(ownProcesses ? kind : 'all') }),
    ),
  );
}

async function startSimulator(settings: SimulatorSettings): Promise<SimulatorProcess> {
  const simulator = new SimulatorProcess(settings);
  await simulator.start();
  return simulator;
}

/** A key with credits and a count of running tasks, so that both can be wrong; and the upstreams as the scenario wants them. */
async function prepare(
  database: Database,
  secrets: SecretBox,
  key: string,
  upstreams: readonly RigUpstream[],
  { slots, dialect }: StageOptions,
): Promise<void> {
  const run = (text: string, values: readonly unknown[]): Promise<object[]> =>
    database.run({ name: '', pool: 'work', text }, values);
  const { id } = await new ApiKeyCache(database).ensure('default', key);
  await run(
    `with limited as (
        update account set is_limited = true, has_credit_limit = true, balance = $2, max_concurrent = 1000000
        where api_key_id = $1 returning api_key_id)
      insert into ledger (api_key_id, kind, amount) select api_key_id, 'topup', $2 from limited`,
    [id, CREDITS],
  );
  const registry = new EnvUpstreams(database, secrets);
  for (const { kind, url: baseUrl, secret } of upstreams)
    await registry.ensure({ name: kind, kind, baseUrl, secret, maxConcurrent: slots, reenable: false });
  await run('update upstream set poll_timeout_ms = $1', [POLL_DEADLINE_MS]);
  await run(`update upstream set accepts_notify_hook = $1 where kind = 'midjourney-proxy'`, [dialect?.pushes ?? true]);
}
