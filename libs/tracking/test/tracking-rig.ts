import { randomBytes } from 'node:crypto';
import type { InputPictures } from '#libs/assets';
import { columnsOf, Database, rowReader, rowWriter } from '#libs/database';
import type { Candidate, SubmitCommand } from '#libs/upstream';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { toInput } from '../src/task/stored-command.js';
import { TASK_USAGE } from '../src/store/reads/usage.js';
import type { NewTask } from '../src/task/new-task.js';
import { TaskEventRow } from '../src/task/task-event.entity.js';
import { TaskOpener, type OpenRequest } from '../src/submit/open/task-opener.js';
import { Task } from '../src/task/task.entity.js';
import { TaskRepository } from '../src/store/task.repository.js';
import type { TrackingOptions } from '../src/tracking-options.js';
import { aNewTask } from './a-task.js';
import { settled } from './an-event.js';
import { audit } from './audit.js';
import { FakeUpstream } from './fake-upstream.js';
import { OPTIONS, startReplica, type Replica } from './replica.js';

const readTask = rowReader(Task);
const writeTask = rowWriter(Task);

export const COMMAND: SubmitCommand = {
  kind: 'imagine',
  prompt: 'a red cat',
  images: [],
  botType: 'MID_JOURNEY',
  mode: 'FAST',
  modeIsChosen: false,
  accountFilter: null,
};

export interface KeyTerms {
  balance?: number;
  maxConcurrent?: number;
  requestsPerMinute?: number;
  queueLimit?: number;
  dailyTasks?: number;
  monthlySpend?: number;
}

/** A migrated database with keys and upstreams as a test needs them, and replicas that work on it. */
export class TrackingRig {
  readonly upstream = new FakeUpstream();
  private readonly replicas: Replica[] = [];
  private names = 0;

  private constructor(
    readonly database: Database,
    readonly url: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<TrackingRig> {
    const made = await createTestDatabase();
    const database = new Database({ url: made.url, connections: { http: 4, work: 6 }, statementTimeoutMs: 20_000 });
    await database.start();
    return new TrackingRig(database, made.url, () => made.drop());
  }

  /**
   * Stops the replicas, checks that slots, counts and credits agree, and empties the database; runs after each test.
   */
  async reset(): Promise<void> {
    for (const replica of this.replicas.splice(0)) await replica.stop();
    const broken = await audit(this.database);
    await this.sql('truncate api_key, upstream, task_event restart identity cascade');
    expect(broken).toEqual({});
  }

  /** The invariants between the tables that are violated now. */
  broken(): Promise<Record<string, object[]>> {
    return audit(this.database);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
  }

  /** Adds an API key, with limits if any are given. @returns its id */
  async key({ balance, ...limits }: KeyTerms = {}): Promise<string> {
    const [row] = await this.sql<{ id: string }>(
      `with made as (insert into api_key (name, prefix, key_hash) values ($1, $1, $2) returning id),
        account as (insert into account (api_key_id, is_limited, has_credit_limit, balance, max_concurrent,
            requests_per_minute, queue_limit, daily_tasks, monthly_spend)
          select id, $3::numeric is not null or num_nonnulls($4::int, $5::int, $6::int, $7::int, $8::numeric) > 0,
            $3::numeric is not null, coalesce($3, 0), $4, $5, $6, $7, $8 from made),
        topup as (insert into ledger (api_key_id, kind, amount) select id, 'topup', $3 from made where $3 is not null)
       select id from made`,
      [
        `key-${(this.names += 1)}`,
        randomBytes(32),
        balance ?? null,
        limits.maxConcurrent ?? null,
        limits.requestsPerMinute ?? null,
        limits.queueLimit ?? null,
        limits.dailyTasks ?? null,
        limits.monthlySpend ?? null,
      ],
    );
    return row?.id ?? '';
  }

  /** Adds an upstream with the given slots. @returns the candidate for an opener */
  async addUpstream(slots: number, { priority = 0, weight = 1 } = {}): Promise<Candidate> {
    const [row] = await this.sql<{ id: string }>(
      `with made as (insert into upstream (name, base_url, priority, weight)
          values ($1, 'http://127.0.0.1:9', $2, $3) returning id),
        load as (insert into upstream_load (upstream_id, max_concurrent) select id, $4 from made)
       select id from made`,
      [`upstream-${(this.names += 1)}`, priority, weight, slots],
    );
    return { id: row?.id ?? '', priority, weight };
  }

  /** Starts a replica that knows the upstreams now in the database. */
  async replica(
    overrides: Partial<TrackingOptions> = {},
    adapter = this.upstream,
    inputs?: InputPictures,
  ): Promise<Replica> {
    const replica = await startReplica(this.database, adapter, overrides, inputs);
    this.replicas.push(replica);
    return replica;
  }

  /** A request to open a task of a key at these upstreams. */
  request(
    candidates: readonly Candidate[],
    newTask: Partial<NewTask> = {},
    more: Partial<OpenRequest> = {},
  ): OpenRequest {
    return {
      newTask: aNewTask(newTask),
      candidates,
      mayWait: true,
      input: () => toInput(COMMAND),
      inputBytes: 1_000,
      ...more,
    };
  }

  /** Opens and settles tasks that this upstream has accepted as `<name>-0`, `<name>-1`, …. */
  async accepted(n: number, up: Candidate, newTask: Partial<NewTask>, name = 'up'): Promise<Task[]> {
    const opener = new TaskOpener(this.database, OPTIONS);
    const opened = await Promise.all(Array.from({ length: n }, () => opener.open(this.request([up], newTask))));
    const changes = opened.map((result, at) => {
      if (result.kind !== 'opened') throw new Error(`a task was not opened: ${result.kind}`);
      const event = settled({ kind: 'accepted', upstreamTaskIds: [`${name}-${at}`] });
      return result.task.on(event, this.database.now());
    });
    await new TaskRepository(this.database).save(changes.filter((change) => change !== null));
    return Promise.all(changes.map((change) => this.row(change?.task.id ?? '')));
  }

  /** Inserts rows as they are, with ledger entries for the credits that they cost. */
  async store(...tasks: Task[]): Promise<Task[]> {
    const columns = columnsOf(Task).join(', ');
    await this.sql(
      `with made as (insert into task (${columns}) select ${columns} from jsonb_populate_recordset(null::task, $1::jsonb) returning *),
        polls as (insert into task_poll (task_id, upstream_id, due_at)
          select id, upstream_id, next_poll_at from made where next_poll_at is not null)
       insert into ledger (api_key_id, task_id, kind, amount) select api_key_id, id, 'hold', -cost from made where cost > 0`,
      [JSON.stringify(tasks.map(writeTask))],
    );
    return Promise.all(tasks.map(({ id }) => this.row(id)));
  }

  async row(id: string): Promise<Task> {
    const [row] = await this.sql('select * from task where id = $1', [id]);
    if (row === undefined) throw new Error(`no task ${id}`);
    return readTask(row);
  }

  async rows(): Promise<Task[]> {
    return (await this.sql('select * from task order by submitted_at, id')).map(readTask);
  }

  async timeline(taskId: string): Promise<TaskEventRow[]> {
    const rows = await this.sql('select * from task_event where task_id = $1 order by id', [taskId]);
    return rows.map(rowReader(TaskEventRow));
  }

  async kinds(taskId: string): Promise<string[]> {
    return (await this.timeline(taskId)).map(({ kind }) => kind);
  }

  async count(from: string): Promise<number> {
    const [row] = await this.sql<{ n: number }>(`select count(*)::int as n from ${from}`);
    return row?.n ?? 0;
  }

  async balance(keyId: string): Promise<number> {
    const [row] = await this.sql<{ balance: string }>('select balance from account where api_key_id = $1', [keyId]);
    return Number(row?.balance);
  }

  async running(upstreamId: string): Promise<number> {
    return (
      (await this.sql<{ running: number }>('select running from upstream_load where upstream_id = $1', [upstreamId]))[0]
        ?.running ?? -1
    );
  }

  /** Lets time pass by moving every time of every task back. */
  async passTime(ms: number): Promise<void> {
    const times = ['submitted', 'started', 'finished', 'sent', 'look_up', 'last_no', 'next_poll', 'polled', 'hinted'];
    const columns = [
      ...times.map((name) => `${name}_at`),
      'send_deadline',
      'send_ended_at',
      'wait_until',
      'missing_since',
      'deadline_at',
    ];
    const moves = columns.map((column) => `${column} = ${column} - $1::bigint * interval '1 ms'`);
    await this.sql(`update task set ${moves.join(', ')}`, [ms]);
    await this.sql(
      `update past_send set look_at = look_at - $1::bigint * interval '1 ms', ended_at = ended_at - $1::bigint * interval '1 ms'`,
      [ms],
    );
    await this.sql(`update task_poll set due_at = due_at - $1::bigint * interval '1 ms'`, [ms]);
    // Tasks opened today may count as opened yesterday now.
    await this.sql(`update account a set day_used = (${TASK_USAGE.openedToday('a.api_key_id')}) where is_limited`);
  }

  sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run<Row>({ name: '', pool: 'work', text }, values);
  }
}
