import { CreateKeys1795000000001 } from './1795000000001-create-keys.js';
import { CreateUpstreams1795000000002 } from './1795000000002-create-upstreams.js';
import { CreateTasks1795000000003 } from './1795000000003-create-tasks.js';
import { CreateHooks1795000000004 } from './1795000000004-create-hooks.js';
import { CreateAssets1795000000005 } from './1795000000005-create-assets.js';
import { LimitKeys1795000000006 } from './1795000000006-limit-keys.js';
import { WatchUpstreams1795000000007 } from './1795000000007-watch-upstreams.js';
import { CreateReports1795000000008 } from './1795000000008-create-reports.js';
import { RemoveAssets1795000000009 } from './1795000000009-remove-assets.js';
import { IndexBooks1795000000010 } from './1795000000010-index-books.js';
import { CountQueue1795000000011 } from './1795000000011-count-queue.js';
import { KeepPushedIds1795000000012 } from './1795000000012-keep-pushed-ids.js';
import { NarrowPolls1795000000013 } from './1795000000013-narrow-polls.js';
import { IndexDueWork1795000000014 } from './1795000000014-index-due-work.js';
import { CreateJobLocks1796000000010 } from './1796000000010-create-job-locks.js';
import { IndexLists1796000000011 } from './1796000000011-index-lists.js';
import { LockClockJob1796000000012 } from './1796000000012-lock-clock-job.js';
import { ResendSubmits1796000000020 } from './1796000000020-resend-submits.js';
import { RetryFailures1796000000021 } from './1796000000021-retry-failures.js';
import { ValidateWaiting1796000000022 } from './1796000000022-validate-waiting.js';
import { NotePictureless1796000000023 } from './1796000000023-note-pictureless.js';
import { ShareHooks1796000000030 } from './1796000000030-share-hooks.js';
import { ConfigureUpstreams1796000000050 } from './1796000000050-configure-upstreams.js';
import { ExpandPrompts1796000000060 } from './1796000000060-expand-prompts.js';
import { KeepRetries1796000000061 } from './1796000000061-keep-retries.js';
import { CountJobs1796000000062 } from './1796000000062-count-jobs.js';
import { TellFoundTexts1796000000070 } from './1796000000070-tell-found-texts.js';
import { LockQueue1796000000075 } from './1796000000075-lock-queue.js';
import { DateReceivers1796000000076 } from './1796000000076-date-receivers.js';
import { TellKinds1797000000010 } from './1797000000010-tell-kinds.js';
import { ReportKinds1797000000011 } from './1797000000011-report-kinds.js';
import { RebaseFollowUps1797000000012 } from './1797000000012-rebase-follow-ups.js';
import { PriceNewActions1797000000020 } from './1797000000020-price-new-actions.js';
import { PublishInputs1797000000030 } from './1797000000030-publish-inputs.js';
import { NoteWithheld1797000000040 } from './1797000000040-note-withheld.js';
import { ReportWithheld1797000000041 } from './1797000000041-report-withheld.js';
import { CreateStudioSessions1798000000010 } from './1798000000010-create-studio-sessions.js';
import { ReportStudio1798000000030 } from './1798000000030-report-studio.js';
import { IndexReceivers1798000000040 } from './1798000000040-index-receivers.js';
import { TellTaskOfCall1798000000041 } from './1798000000041-tell-task-of-call.js';

/** Every migration, in the order it is run. */
export const MIGRATIONS = [
  CreateKeys1795000000001,
  CreateUpstreams1795000000002,
  CreateTasks1795000000003,
  CreateHooks1795000000004,
  CreateAssets1795000000005,
  LimitKeys1795000000006,
  WatchUpstreams1795000000007,
  CreateReports1795000000008,
  RemoveAssets1795000000009,
  IndexBooks1795000000010,
  CountQueue1795000000011,
  KeepPushedIds1795000000012,
  NarrowPolls1795000000013,
  IndexDueWork1795000000014,
  CreateJobLocks1796000000010,
  IndexLists1796000000011,
  LockClockJob1796000000012,
  ResendSubmits1796000000020,
  RetryFailures1796000000021,
  ValidateWaiting1796000000022,
  NotePictureless1796000000023,
  ShareHooks1796000000030,
  ConfigureUpstreams1796000000050,
  ExpandPrompts1796000000060,
  KeepRetries1796000000061,
  CountJobs1796000000062,
  TellFoundTexts1796000000070,
  LockQueue1796000000075,
  DateReceivers1796000000076,
  TellKinds1797000000010,
  ReportKinds1797000000011,
  RebaseFollowUps1797000000012,
  PriceNewActions1797000000020,
  PublishInputs1797000000030,
  NoteWithheld1797000000040,
  ReportWithheld1797000000041,
  CreateStudioSessions1798000000010,
  ReportStudio1798000000030,
  IndexReceivers1798000000040,
  TellTaskOfCall1798000000041,
];
