import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, rowReader, SecretBox } from '#libs/database';
import { EgressPolicy, GuardedClient, NameLookup } from '#libs/net';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { CLAIM_DELIVERIES, type ClaimedDelivery } from '../src/store/claim-deliveries.js';
import { enqueueDelivery } from '../src/store/enqueue-delivery.js';
import { HookAttempt } from '../src/store/hook-attempt.entity.js';
import { HookDelivery } from '../src/store/hook-delivery.entity.js';
import { HookDispatcher } from '../src/dispatch/hook-dispatcher.js';
import { HookHost } from '../src/store/hook-host.entity.js';
import { HookSender } from '../src/send/hook-sender.js';
import { HOOK_LIMITS, type HookLimits } from '../src/hooks-options.js';
import { ReceiverAddresses } from '../src/receivers/receiver-addresses.js';
import { hostOf } from '../src/receivers/receiver-host.js';
import { WebhookSecrets } from '../src/send/webhook-secrets.js';
import { Receiver } from './receiver.js';

const PATIENCE_MS = 90_000;
const TICK_MS = 20;

export interface Change {
  taskId: string;
  seq: number;
  url: string;
  terminal?: boolean;
  payload?: string;
  /** The rig's main key unless given. */
  apiKeyId?: string;
}

/** A database with one API key, receivers, and dispatchers that tick as replicas would. */
export class HookRig {
  apiKeyId = '';
  private readonly ends: (() => Promise<void>)[] = [];
  private lastTask = 6_200_000_000_000_000;

  private constructor(
    readonly database: Database,
    readonly box: SecretBox,
    readonly secrets: WebhookSecrets,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<HookRig> {
    const made = await createTestDatabase();
    const database = new Database({ url: made.url, connections: { http: 2, work: 6 }, statementTimeoutMs: 10_000 });
    const box = new SecretBox(randomBytes(32));
    const rig = new HookRig(database, box, new WebhookSecrets(database, box), () => made.drop());
    rig.apiKeyId = await rig.key('main');
    return rig;
  }

  async key(name: string): Promise<string> {
    const [row] = await this.sql<{ id: string }>(
      `insert into api_key (name, prefix, key_hash) values ($1, $1, $2) returning id`,
      [name, randomBytes(32)],
    );
    return row?.id ?? '';
  }

  /** Ends dispatchers and receivers, and forgets every delivery. To be called after each test. */
  async reset(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
    await this.sql('delete from hook_attempt');
    await this.sql('delete from hook_host');
    await this.sql('delete from task');
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
  }

  receiver(): Promise<Receiver> {
    return this.opened(Receiver.start());
  }

  /** Something that ends with the test. */
  async opened<T extends { close(): Promise<void> }>(thing: Promise<T>): Promise<T> {
    const started = await thing;
    this.ends.push(() => started.close());
    return started;
  }

  async task(apiKeyId = this.apiKeyId): Promise<string> {
    this.lastTask += 1;
    await this.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, base_url)
       values ($1, $2, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', 'http://127.0.0.1')`,
      [this.lastTask, apiKeyId],
    );
    return String(this.lastTask);
  }

  /** Ends of new tasks of one key, one for each URL in turn, all due an hour ago. Gives the tasks. */
  async overdue(apiKeyId: string, urls: readonly string[], count = urls.length): Promise<string[]> {
    const first = this.lastTask + 1;
    this.lastTask += count;
    await this.sql(
      `with made as (
         insert into task (id, api_key_id, action, mode, bot_type, status, base_url)
         select $1::bigint + n, $2, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', '' from generate_series(0, $3::int - 1) n
         returning id)
       insert into hook_delivery (task_id, api_key_id, url, host, seq, terminal, payload, next_at, created_at)
       select id, $2, ($4::text[])[1 + (id - $1) % cardinality($4::text[])],
         ($5::text[])[1 + (id - $1) % cardinality($4::text[])], 1, true, '{}',
         now() - interval '1 hour' + (id - $1) * interval '1 ms', now() - interval '1 hour'
       from made`,
      [first, apiKeyId, count, urls, urls.map(hostOf)],
    );
    return Array.from({ length: count }, (_, index) => String(first + index));
  }

  async tasks(count: number): Promise<string[]> {
    const made: string[] = [];
    while (made.length < count) made.push(await this.task());
    return made;
  }

  /** Enqueues a change as the statement of a task's change does. */
  async enqueue({ taskId, seq, url, terminal = false, payload = `{"seq":${seq}}`, apiKeyId }: Change): Promise<void> {
    await this.sql(
      `with change as (select $1::bigint as task_id, $2::bigint as api_key_id, $3::text as url, $4::text as host,
         $5::int as seq, $6::boolean as terminal, $7::text as payload)
       ${enqueueDelivery('change')}`,
      [taskId, apiKeyId ?? this.apiKeyId, url, hostOf(url), seq, terminal, payload],
    );
  }

  /** A terminal change that is due now. */
  async finish(taskId: string, url: string, seq = 1, apiKeyId = this.apiKeyId): Promise<void> {
    await this.enqueue({ taskId, seq, url, terminal: true, apiKeyId });
    await this.makeDue(taskId);
  }

  async makeDue(taskId: string): Promise<void> {
    await this.sql('update hook_delivery set next_at = now() where task_id = $1 and next_at is not null', [taskId]);
  }

  /** Claims as a process would that has no claims yet. @param most rows · leaseMs how long the claim holds */
  async claim(most = 64, leaseMs = 45_000): Promise<ClaimedDelivery[]> {
    const rows = await this.database.run(CLAIM_DELIVERIES, {
      claimId: randomUUID(),
      leaseMs,
      limit: most,
      receivers: '[]',
      keys: '[]',
      newKey: 8,
      newAddress: 8,
      newReceiver: 8,
      window: 256,
    });
    return rows.filter((row): row is ClaimedDelivery & { due: number } => row.taskId !== null);
  }

  /** A dispatcher of its own replica; ticking unless given. */
  dispatcher(
    limits: Partial<HookLimits> = {},
    {
      ticking = true,
      policy = new EgressPolicy(['127.0.0.0/8']),
      now = () => this.database.now(),
      database = this.database,
      names = new NameLookup({ timeoutMs: 5_000, asksSystem: true }),
    } = {},
  ): HookDispatcher {
    const all = { ...HOOK_LIMITS, deadlineMs: 10_000, drainMs: 100, ...limits };
    const client = new GuardedClient({
      policy,
      userAgent: 'Journeyman/test',
      maxConnectionsPerOrigin: all.maxInFlight,
      connectMs: all.connectMs,
      lookup: names.lookup,
    });
    const sender = new HookSender(client, this.secrets, this.box, { deadlineMs: all.deadlineMs, now });
    const options = { enabled: true, limits: all, random: () => 0.5 };
    const dispatcher = new HookDispatcher(database, sender, new ReceiverAddresses(names), options);
    const timer = ticking ? setInterval(() => dispatcher.tick(), TICK_MS) : undefined;
    this.ends.push(async () => {
      clearInterval(timer);
      await dispatcher.drain();
    });
    return dispatcher;
  }

  async row(taskId: string): Promise<HookDelivery> {
    const [row] = await this.sql('select * from hook_delivery where task_id = $1', [taskId]);
    if (row === undefined) throw new Error(`no delivery of task ${taskId}`);
    return rowReader(HookDelivery)(row);
  }

  async attempts(taskId: string): Promise<HookAttempt[]> {
    const rows = await this.sql('select * from hook_attempt where task_id = $1 order by id', [taskId]);
    return rows.map(rowReader(HookAttempt));
  }

  async host(url: string): Promise<HookHost | null> {
    const [row] = await this.sql('select * from hook_host where host = $1', [hostOf(url)]);
    return row === undefined ? null : rowReader(HookHost)(row);
  }

  sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run<Row>({ name: '', pool: 'http', text }, values);
  }

  /** Waits until the state of the delivery is this one. */
  async settled(taskId: string, state: string): Promise<HookDelivery> {
    let row = await this.row(taskId);
    await until(
      async () => {
        row = await this.row(taskId);
        return row.state === state && row.claimId === null;
      },
      () => JSON.stringify({ ...row, payload: undefined }),
    );
    return row;
  }
}

/** Waits for a condition; fails the test, with what was seen last, if it never holds. */
export async function until(check: () => boolean | Promise<boolean>, seen = (): string => ''): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await check())) {
    if (Date.now() > giveUpAt) throw new Error(`never held: ${check.toString()} ${seen()}`);
    await sleep(10);
  }
}
