import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import type { PictureLinks } from '#libs/wire';
import { TaskViews } from '../task/task-view.js';
import { TaskRepository } from './task.repository.js';

export interface TaskStoreOptions {
  /** Makes the links to pictures for clients and hook receivers. */
  links: PictureLinks;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<TaskStoreOptions>({
  moduleName: 'TaskStore',
})
  .setClassMethodName('forRoot')
  .build();

/** Access to the rows of tasks, for TrackingModule and for modules that need only rows. `imports`: DatabaseModule. */
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
