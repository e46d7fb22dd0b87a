import { SubmitMinutes } from '#libs/access';
import { randomBytes } from 'node:crypto';
import type { AssetKeeper } from '#libs/assets';
import { Pulse, SecretBox, type Database } from '#libs/database';
import type { HookDispatcher } from '#libs/hooks';
import {
  CallLog,
  CircuitBreakers,
  RetryBudget,
  UpstreamHealth,
  UpstreamOffers,
  UpstreamPool,
  UpstreamProber,
  UpstreamWatch,
  WatchedAdapter,
} from '#libs/upstream';
import { CandidateCheck } from '../src/candidate-check.js';
import { GroupSubmissions } from '../src/group-submission.js';
import { PastSendWatch } from '../src/past-send-watch.js';
import { PastSendRepository } from '../src/past-send.repository.js';
import { PushTokens } from '../src/push-token.js';
import { QueueRoom } from '../src/queue-room.js';
import { SendSettler } from '../src/send-settler.js';
import { SeriesOpener } from '../src/series-opener.js';
import { SeriesSubmissions } from '../src/series-submission.js';
import { Submissions } from '../src/submission.js';
import { TaskDispatcher } from '../src/task-dispatcher.js';
import { TaskFailover } from '../src/task-failover.js';
import { WindowConfirmer } from '../src/window-confirmer.js';
import { TaskOpener } from '../src/task-opener.js';
import { TaskPoller } from '../src/task-poller.js';
import { TaskPush } from '../src/task-push.js';
import { TaskReconciler } from '../src/task-reconciler.js';
import { TaskSaver } from '../src/task-saver.js';
import { TaskSender } from '../src/task-sender.js';
import { TaskSweeper } from '../src/task-sweeper.js';
import { TaskSync } from '../src/task-sync.js';
import { DueTaskRepository } from '../src/due-task.repository.js';
import { TaskRepository } from '../src/task.repository.js';
import type { TrackingOptions } from '../src/tracking-options.js';
import type { FakeUpstream } from './fake-upstream.js';

const HOUR = 3_600_000;

export const OPTIONS: TrackingOptions = {
  runsWork: true,
  pollMinMs: 2_000,
  taskTimeoutMs: { RELAX: 6 * HOUR, FAST: HOUR, TURBO: HOUR },
  missingAfterMs: 600_000,
  submitTimeoutMs: 30_000,
  submitSettleMs: 60_000,
  maxResends: 3,
  queueLimit: 1_000,
  queueTimeoutMs: 6 * HOUR,
  publicUrl: null,
};

/** Counts how often it was woken. */
export class Waker {
  nudges = 0;

  nudge(): void {
    this.nudges += 1;
  }
}

/** One process of the gateway, without HTTP: everything that works on tasks, wired by hand. */
export interface Replica {
  pulse: Pulse;
  /** Of the pushes alone, so that their pauses can be ended. */
  pushing: Pulse;
  pool: UpstreamPool;
  prober: UpstreamProber;
  offers: UpstreamOffers;
  calls: CallLog;
  health: UpstreamHealth;
  budget: RetryBudget;
  tasks: TaskRepository;
  due: DueTaskRepository;
  opener: TaskOpener;
  saver: TaskSaver;
  sender: TaskSender;
  submissions: Submissions;
  groups: GroupSubmissions;
  series: SeriesSubmissions;
  dispatcher: TaskDispatcher;
  sync: TaskSync;
  reconciler: TaskReconciler;
  pastSends: PastSendWatch;
  poller: TaskPoller;
  tokens: PushTokens;
  push: TaskPush;
  sweeper: TaskSweeper;
  hooks: Waker;
  assets: Waker;
  stop(): Promise<void>;
}

/** Starts one that knows the upstreams of the database as they are now. */
export async function startReplica(
  database: Database,
  fake: FakeUpstream,
  overrides: Partial<TrackingOptions> = {},
): Promise<Replica> {
  const options = { ...OPTIONS, ...overrides };
  const secrets = new SecretBox(randomBytes(32));
  const pool = new UpstreamPool(database, secrets, {
    submitTimeoutMs: 30_000,
    pollTimeoutMs: 10_000,
    refreshMs: 60_000,
  });
  await pool.start();
  const circuits = new CircuitBreakers(database, pool);
  const calls = new CallLog(database);
  const health = new UpstreamHealth(database);
  const watch = new UpstreamWatch(pool, circuits, calls, health);
  const adapter = new WatchedAdapter(fake, watch, () => database.now());
  const offers = new UpstreamOffers(database, pool);
  const prober = new UpstreamProber(pool, circuits, offers, adapter, database);
  const budget = new RetryBudget(Date.now);
  const hooks = new Waker();
  const assets = new Waker();
  const tasks = new TaskRepository(database);
  const due = new DueTaskRepository(database);
  const opener = new TaskOpener(database, options);
  const saver = new TaskSaver(tasks, hooks as unknown as HookDispatcher, assets as unknown as AssetKeeper);
  const tokens = new PushTokens(secrets, options);
  const settler = new SendSettler(tasks, database, options, new QueueRoom(due, options));
  const failover = new TaskFailover(due, pool, budget);
  const sender = new TaskSender(pool, adapter, database, tokens, failover, settler);
  const [pulse, pushing] = [new Pulse(database), new Pulse(database)];
  const dispatcher = new TaskDispatcher(pulse, due, saver, sender, pool, database, options);
  const sync = new TaskSync(due, saver, pool, adapter, offers, database, options);
  const poller = new TaskPoller(pulse, pool, sync, options);
  const candidates = new CandidateCheck(due, pool, adapter);
  const push = new TaskPush(pushing, tokens, due, saver, poller, candidates, offers, database, options);
  return {
    pulse,
    pushing,
    pool,
    prober,
    offers,
    calls,
    health,
    budget,
    tasks,
    due,
    opener,
    saver,
    sender,
    groups: new GroupSubmissions(pool, opener, sender, saver, database),
    series: new SeriesSubmissions(
      pool,
      new SeriesOpener(database, options, new SubmitMinutes()),
      sender,
      settler,
      saver,
      tasks,
      database,
    ),
    submissions: new Submissions(pool, opener, sender, new WindowConfirmer(database, options), tasks),
    dispatcher,
    sync,
    pastSends: new PastSendWatch(
      pulse,
      new PastSendRepository(database),
      due,
      saver,
      pool,
      adapter,
      offers,
      database,
      options,
    ),
    reconciler: new TaskReconciler(pulse, due, saver, pool, adapter, candidates, offers, database, options),
    poller,
    tokens,
    push,
    sweeper: new TaskSweeper(pulse, due, saver, database, options),
    hooks,
    assets,
    stop: async () => {
      pool.stop();
      prober.stop();
      for (const each of [pushing, pulse]) each.onModuleDestroy();
      for (const each of [pushing, pulse]) await each.beforeApplicationShutdown();
    },
  };
}
