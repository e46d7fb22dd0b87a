import { ConfigurableModuleBuilder, Module, type Provider } from '@nestjs/common';
import { monotonicMs } from '#libs/runtime';
import { BooksAuditor } from './upkeep/books-auditor.js';
import { RetryBudget } from '#libs/upstream';
import { DueTaskRepository } from './store/due-task.repository.js';
import { ClockSetBack } from './upkeep/clock-set-back.js';
import { CandidateCheck } from './follow/candidate-check.js';
import { PastSendWatch } from './follow/past-send-watch.js';
import { PastSendRepository } from './store/past-send.repository.js';
import { PushTokens } from './task/push-token.js';
import { GroupSubmissions } from './submit/group-submissions.js';
import { DuplicateSubmitNotifier } from './submit/duplicate-submit-notifier.js';
import { QueueAdmission } from './submit/open/queue-admission.js';
import { SeriesOpener } from './submit/open/series-opener.js';
import { SeriesSubmissions } from './submit/series-submissions.js';
import { Submissions } from './submit/submissions.js';
import { SendSettler } from './submit/send/send-settler.js';
import { TaskAdmin } from './control/task-admin.js';
import { TaskCanceller } from './control/task-canceller.js';
import { TaskDispatcher } from './submit/send/task-dispatcher.js';
import { TaskFailover } from './submit/send/task-failover.js';
import { AliasPropagator } from './follow/alias-propagator.js';
import { TaskOpener } from './submit/open/task-opener.js';
import { TaskPoller } from './follow/task-poller.js';
import { TaskPush } from './follow/task-push.js';
import { TaskReconciler } from './follow/task-reconciler.js';
import { TaskSaver } from './store/task-saver.js';
import { TaskSeeds } from './control/task-seeds.js';
import { TaskSender } from './submit/send/task-sender.js';
import { TaskPace } from './read/task-pace.js';
import { TaskStatistics } from './read/task-statistics.js';
import { TaskSweeper } from './upkeep/task-sweeper.js';
import { TaskSync } from './follow/task-sync.js';
import { TaskWatch } from './read/task-watch.js';
import { FollowTerms } from './follow-terms.js';
import { RecentLists } from './follow/recent-lists.js';
import { InputPreparer } from './submit/send/input-preparer.js';
import { ModalConfirmer } from './submit/modal-confirmer.js';
import { PublicTasks } from './read/public-tasks.js';
import { TaskStoreModule } from './store/task-store.module.js';
import { TrackingOptions } from './tracking-options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<TrackingOptions>({
  moduleName: 'Tracking',
})
  .setClassMethodName('forRoot')
  .build();

const PROVIDERS: Provider[] = [
  { provide: TrackingOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: (options: TrackingOptions) => options },
  CandidateCheck,
  BooksAuditor,
  ClockSetBack,
  DueTaskRepository,
  FollowTerms,
  GroupSubmissions,
  PastSendRepository,
  PastSendWatch,
  DuplicateSubmitNotifier,
  InputPreparer,
  PushTokens,
  RecentLists,
  QueueAdmission,
  SendSettler,
  PublicTasks,
  { provide: RetryBudget, useFactory: () => new RetryBudget(monotonicMs) },
  SeriesOpener,
  SeriesSubmissions,
  Submissions,
  TaskAdmin,
  TaskCanceller,
  TaskDispatcher,
  TaskFailover,
  AliasPropagator,
  TaskOpener,
  TaskPoller,
  TaskPush,
  TaskReconciler,
  TaskSaver,
  TaskSeeds,
  TaskSender,
  TaskPace,
  TaskStatistics,
  TaskSweeper,
  TaskSync,
  TaskWatch,
  ModalConfirmer,
];

/**
 * The life of tasks: submits, polls, pushes, retries, reads and upkeep.
 * `imports`: DatabaseModule, AccessModule, TaskStoreModule, UpstreamModule, HooksModule, AssetsModule.
 */
@Module({
  providers: PROVIDERS,
  exports: [
    GroupSubmissions,
    PastSendWatch,
    DuplicateSubmitNotifier,
    SeriesSubmissions,
    PublicTasks,
    Submissions,
    TaskDispatcher,
    TaskPoller,
    TaskPush,
    TaskReconciler,
    TaskAdmin,
    TaskCanceller,
    TaskSeeds,
    TaskPace,
    TaskStatistics,
    TaskStoreModule,
    TaskWatch,
  ],
})
export class TrackingModule extends ConfigurableModuleClass {}
