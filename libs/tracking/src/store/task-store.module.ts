import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import type { PictureLinks } from '#libs/wire';
import { TaskViews } from '../task/task-view.js';
import { TaskRepository } from './task.repository.js';

export interface TaskStoreOptions {
  /** The links to pictures that clients and receivers of hooks are given. */
  links: PictureLinks;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<TaskStoreOptions>({
  moduleName: 'TaskStore',
})
  .setClassMethodName('forRoot')
  .build();

/** Rows of tasks: for TrackingModule, and for parts that need no more of a task than its row. `imports`: DatabaseModule. */
@Module({
  providers: [
    {
      provide: TaskViews,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ links }: TaskStoreOptions) => new TaskViews(links),
    },
    TaskRepository,
  ],
  exports: [TaskRepository, TaskViews],
})
export class TaskStoreModule extends ConfigurableModuleClass {}
