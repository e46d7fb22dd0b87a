import { SubmitMinutes } from '#libs/access';
import { randomBytes } from 'node:crypto';
import type { AssetKeeper, InputPictures } from '#libs/assets';
import { SecretBox, type Database, databaseScheduler } from '#libs/database';
import type { HookDispatcher } from '#libs/hooks';
import { JobScheduler } from '#libs/runtime';
import {
  CallLog,
  CircuitBreakers,
  RetryBudget,
  HealthLog,
  UpstreamCapabilities,
  UpstreamCache,
  UpstreamProber,
  CallObserver,
  InstrumentedAdapter,
} from '#libs/upstream';
import { FollowTerms } from '../src/follow-terms.js';
import { RecentLists } from '../src/follow/recent-lists.js';
import { CandidateCheck } from '../src/follow/candidate-check.js';
import { GroupSubmissions } from '../src/submit/group-submissions.js';
import { PastSendWatch } from '../src/follow/past-send-watch.js';
import { PastSendRepository } from '../src/store/past-send.repository.js';
import { PushTokens } from '../src/task/push-token.js';
import { QueueAdmission } from '../src/submit/open/queue-admission.js';
import { InputPreparer } from '../src/submit/send/input-preparer.js';
import { SendSettler } from '../src/submit/send/send-settler.js';
import { SeriesOpener } from '../src/submit/open/series-opener.js';
import { SeriesSubmissions } from '../src/submit/series-submissions.js';
import { Submissions } from '../src/submit/submissions.js';
import { TaskDispatcher } from '../src/submit/send/task-dispatcher.js';
import { TaskFailover } from '../src/submit/send/task-failover.js';
import { ModalConfirmer } from '../src/submit/modal-confirmer.js';
import { TaskOpener } from '../src/submit/open/task-opener.js';
import { TaskPoller } from '../src/follow/task-poller.js';
import { TaskPush } from '../src/follow/task-push.js';
import { TaskReconciler } from '../src/follow/task-reconciler.js';
import { TaskSaver } from '../src/store/task-saver.js';
import { TaskSender } from '../src/submit/send/task-sender.js';
import { TaskSweeper } from '../src/upkeep/task-sweeper.js';
import { TaskSync } from '../src/follow/task-sync.js';
import { DueTaskRepository } from '../src/store/due-task.repository.js';
import { TaskRepository } from '../src/store/task.repository.js';
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

/** One process of the gateway without HTTP: all services that work on tasks, wired by hand. */
export interface Replica {
  scheduler: JobScheduler;
  /** A scheduler for the pushes alone, so that a test can end their pauses. */
  pushing: JobScheduler;
  upstreams: UpstreamCache;
  prober: UpstreamProber;
  capabilities: UpstreamCapabilities;
  calls: CallLog;
  health: HealthLog;
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

/** Starts a replica that knows the upstreams now in the database. */
export async function startReplica(
  database: Database,
  fake: FakeUpstream,
  overrides: Partial<TrackingOptions> = {},
  inputs = {} as InputPictures,
): Promise<Replica> {
  const options = { ...OPTIONS, ...overrides };
  const terms = new FollowTerms(database, options);
  const secrets = new SecretBox(randomBytes(32));
  const upstreams = new UpstreamCache(database, secrets, {
    submitTimeoutMs: 30_000,
    pollTimeoutMs: 10_000,
    refreshMs: 60_000,
  });
  await upstreams.refresh();
  const circuits = new CircuitBreakers(database, upstreams);
  const calls = new CallLog(database);
  const health = new HealthLog(database);
  const observer = new CallObserver(upstreams, circuits, calls, health);
  const adapter = new InstrumentedAdapter(fake, observer, () => database.now());
  const capabilities = new UpstreamCapabilities(database, upstreams);
  const prober = new UpstreamProber(upstreams, circuits, capabilities, adapter, database);
  const budget = new RetryBudget(Date.now);
  const hooks = new Waker();
  const assets = new Waker();
  const tasks = new TaskRepository(database);
  const due = new DueTaskRepository(database);
  const opener = new TaskOpener(database, options);
  const saver = new TaskSaver(tasks, hooks as unknown as HookDispatcher, assets as unknown as AssetKeeper);
  const tokens = new PushTokens(secrets, options);
  const settler = new SendSettler(tasks, terms, new QueueAdmission(due, options));
  const failover = new TaskFailover(due, upstreams, budget);
  const sender = new TaskSender(upstreams, adapter, database, tokens, failover, settler, new InputPreparer(inputs));
  const [scheduler, pushing] = [databaseScheduler(database), databaseScheduler(database)];
  const dispatcher = new TaskDispatcher(scheduler, due, saver, sender, upstreams, database, options);
  const sync = new TaskSync(due, saver, upstreams, adapter, capabilities, terms);
  const poller = new TaskPoller(scheduler, upstreams, sync, options);
  const candidates = new CandidateCheck(due, upstreams, adapter, saver, terms);
  const recent = new RecentLists(upstreams, adapter, capabilities, due);
  const push = new TaskPush(pushing, tokens, due, poller, candidates, capabilities, upstreams);
  return {
    scheduler,
    pushing,
    upstreams,
    prober,
    capabilities,
    calls,
    health,
    budget,
    tasks,
    due,
    opener,
    saver,
    sender,
    groups: new GroupSubmissions(upstreams, opener, sender, saver, database),
    series: new SeriesSubmissions(
      upstreams,
      new SeriesOpener(database, options, new SubmitMinutes()),
      sender,
      settler,
      saver,
      tasks,
      database,
    ),
    submissions: new Submissions(upstreams, opener, sender, new ModalConfirmer(database, options), tasks),
    dispatcher,
    sync,
    pastSends: new PastSendWatch(scheduler, new PastSendRepository(database), saver, upstreams, adapter, recent, terms),
    reconciler: new TaskReconciler(scheduler, due, saver, upstreams, candidates, recent, terms),
    poller,
    tokens,
    push,
    sweeper: new TaskSweeper(scheduler, due, saver, database, options),
    hooks,
    assets,
    stop: async () => {
      prober.stop();
      for (const each of [pushing, scheduler]) each.onModuleDestroy();
      for (const each of [pushing, scheduler]) await each.beforeApplicationShutdown();
    },
  };
}
