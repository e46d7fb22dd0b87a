import { Module } from '@nestjs/common';
import { ListAnswers } from './list-answers.js';
import { TaskWatch } from '#libs/tracking';
import { ResourceGauges } from '../traffic/resource-gauges.js';
import { TaskEventsController } from './task-events.controller.js';
import { TasksEventsController } from './events/tasks-events.controller.js';
import { TaskListController } from './task-list.controller.js';
import { TaskPaceController } from './task-pace.controller.js';
import { TaskListService } from './task-list.service.js';
import { TaskActionsController } from './task-actions.controller.js';
import { TaskActionsService } from './task-actions.service.js';
import { TaskController } from './task.controller.js';
import { TaskService } from './task.service.js';

/** GET and POST /mj/task/*. */
@Module({
  controllers: [
    TaskController,
    TaskEventsController,
    TasksEventsController,
    TaskListController,
    TaskPaceController,
    TaskActionsController,
  ],
  providers: [ListAnswers, TaskListService, TaskService, TaskActionsService],
})
export class TaskModule {
  constructor(watch: TaskWatch, gauges: ResourceGauges) {
    gauges.add({ name: 'waits', limit: null, used: () => watch.permitsTaken });
  }
}
