// The task: its row, its rules' results and the views that clients get.
export { Task } from './task/task.entity.js';
export { isEnd, type Change } from './task/change.js';
export type { NewTask } from './task/new-task.js';
export { nextPollDelay } from './task/poll-pace.js';
export { isSameSend } from './task/rules/same-send.js';
export type { PublicTask } from './task/public-task.js';
export type { TaskHead } from './task/task-head.js';
export { OPEN_VIEWS, TaskViews } from './task/task-view.js';

// Entities beside the task: timeline, poll schedule, stored input and past attempts.
export { PastSend } from './task/past-send.entity.js';
export { TaskEventRow } from './task/task-event.entity.js';
export { TaskInput } from './task/task-input.entity.js';
export { TaskPoll } from './task/task-poll.entity.js';

// Store: the statements that read, claim and save tasks.
export { DueTaskRepository } from './store/due-task.repository.js';
export { TaskRepository } from './store/task.repository.js';
export { TASK_USAGE } from './store/reads/usage.js';
export type { PictureRow } from './store/reads/picture.js';
export type { SeriesMember } from './store/reads/series.js';

// Submit: a task from its submit to its upstream.
export { DuplicateSubmitNotifier } from './submit/duplicate-submit-notifier.js';
export { GroupSubmissions, type GroupSubmission } from './submit/group-submissions.js';
export type { ModalTerms } from './submit/modal-confirmer.js';
export { SeriesSubmissions, type Job, type SeriesSubmission } from './submit/series-submissions.js';
export { Submissions, type Submission, type SubmissionRequest } from './submit/submissions.js';
export { TaskDispatcher } from './submit/send/task-dispatcher.js';

// Follow: polls, pushes and look-ups of tasks that an upstream has.
export { PastSendWatch } from './follow/past-send-watch.js';
export { TaskPoller } from './follow/task-poller.js';
export { TaskPush } from './follow/task-push.js';
export { TaskReconciler } from './follow/task-reconciler.js';

// Read: tasks as clients and operators see them.
export { PublicTasks } from './read/public-tasks.js';
export type { PagePiece, PagePosition, TaskFilter } from './read/task-page.js';
export { TaskPace } from './read/task-pace.js';
export type { WorkPace } from './store/reads/task-pace.js';
export { TaskStatistics } from './read/task-statistics.js';
export type { TaskStatisticsReport } from './store/reads/task-statistics.js';
export { TaskWatch, type Follow, type Wait } from './read/task-watch.js';

// Control: actions of clients and operators on a task.
export { TaskAdmin, type AdminMove, type Recorder } from './control/task-admin.js';
export { TaskCanceller, type CancelOutcome } from './control/task-canceller.js';
export { TaskSeeds, type SeedAnswer } from './control/task-seeds.js';

// Upkeep: the job that ends overdue tasks.
export { TaskSweeper } from './upkeep/task-sweeper.js';

// Modules and their options.
export { TaskStoreModule } from './store/task-store.module.js';
export { TrackingModule } from './tracking.module.js';
export { TrackingOptions } from './tracking-options.js';
