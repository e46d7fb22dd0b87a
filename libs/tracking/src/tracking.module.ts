import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { BooksAuditor } from './books-auditor.js';
import { monotonicMs } from '#libs/database';
import { RetryBudget } from '#libs/upstream';
import { DueTaskRepository } from './due-task.repository.js';
import { ClockSetBack } from './clock-set-back.js';
import { CandidateCheck } from './candidate-check.js';
import { PastSendWatch } from './past-send-watch.js';
import { PastSendRepository } from './past-send.repository.js';
import { PushTokens } from './push-token.js';
import { GroupSubmissions } from './group-submission.js';
import { RepeatTeller } from './repeat-teller.js';
import { QueueRoom } from './queue-room.js';
import { SeriesOpener } from './series-opener.js';
import { SeriesSubmissions } from './series-submission.js';
import { Submissions } from './submission.js';
import { SendSettler } from './send-settler.js';
import { TaskAdmin } from './task-admin.js';
import { TaskCanceller } from './task-cancel.js';
import { TaskDispatcher } from './task-dispatcher.js';
import { TaskFailover } from './task-failover.js';
import { TaskFollower } from './task-follower.js';
import { TaskOpener } from './task-opener.js';
import { TaskPoller } from './task-poller.js';
import { TaskPush } from './task-push.js';
import { TaskReconciler } from './task-reconciler.js';
import { TaskSaver } from './task-saver.js';
import { TaskSeeds } from './task-seed.js';
import { TaskSender } from './task-sender.js';
import { TaskStatistics } from './task-statistics.js';
import { TaskSweeper } from './task-sweeper.js';
import { TaskSync } from './task-sync.js';
import { TaskWatch } from './task-watch.js';
import { WindowConfirmer } from './window-confirmer.js';
import { TrackingOptions } from './tracking-options.js';

const PROVIDERS: Provider[] = [
  CandidateCheck,
  BooksAuditor,
  ClockSetBack,
  DueTaskRepository,
  GroupSubmissions,
  PastSendRepository,
  PastSendWatch,
  RepeatTeller,
  PushTokens,
  QueueRoom,
  SendSettler,
  { provide: RetryBudget, useFactory: () => new RetryBudget(monotonicMs) },
  SeriesOpener,
  SeriesSubmissions,
  Submissions,
  TaskAdmin,
  TaskCanceller,
  TaskDispatcher,
  TaskFailover,
  TaskFollower,
  TaskOpener,
  TaskPoller,
  TaskPush,
  TaskReconciler,
  TaskSaver,
  TaskSeeds,
  TaskSender,
  TaskStatistics,
  TaskSweeper,
  TaskSync,
  TaskWatch,
  WindowConfirmer,
];

/** The task and everything that composes the other libs. */
@Module({})
export class TrackingModule {
  /** `imports`: the modules that give HookDispatcher and AssetKeeper; the rest (Database, SecretBox, TaskRepository, UpstreamAdapter, UpstreamPool, UpstreamOffers) is global. */
  static forRoot(options: TrackingOptions, imports: ModuleMetadata['imports'] = []): DynamicModule {
    return {
      module: TrackingModule,
      imports,
      providers: [{ provide: TrackingOptions, useValue: options }, ...PROVIDERS],
      exports: [
        GroupSubmissions,
        PastSendWatch,
        RepeatTeller,
        SeriesSubmissions,
        Submissions,
        TaskDispatcher,
        TaskPoller,
        TaskPush,
        TaskReconciler,
        TaskAdmin,
        TaskCanceller,
        TaskSeeds,
        TaskStatistics,
        TaskWatch,
      ],
    };
  }
}
