import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { Submissions } from './submission.js';
import { TaskDispatcher } from './task-dispatcher.js';
import { TaskOpener } from './task-opener.js';
import { TaskPoller } from './task-poller.js';
import { TaskReconciler } from './task-reconciler.js';
import { TaskSaver } from './task-saver.js';
import { TaskSender } from './task-sender.js';
import { TaskSync } from './task-sync.js';
import { WindowConfirmer } from './window-confirmer.js';
import { TrackingOptions } from './tracking-options.js';

const PROVIDERS: Provider[] = [
  Submissions,
  TaskDispatcher,
  TaskOpener,
  TaskPoller,
  TaskReconciler,
  TaskSaver,
  TaskSender,
  TaskSync,
  WindowConfirmer,
];

/** The task and everything that composes the other libs. */
@Module({})
export class TrackingModule {
  /** `imports`: the modules that give HookDispatcher and AssetKeeper; the rest (Database, TaskRepository, UpstreamAdapter, UpstreamPool) is global. */
  static forRoot(options: TrackingOptions, imports: ModuleMetadata['imports'] = []): DynamicModule {
    return {
      module: TrackingModule,
      imports,
      providers: [{ provide: TrackingOptions, useValue: options }, ...PROVIDERS],
      exports: [Submissions, TaskDispatcher, TaskPoller, TaskReconciler],
    };
  }
}
