import { Module } from '@nestjs/common';
import { ListAnswers } from './list-answers.js';
import { TaskWatch } from '#libs/tracking';
import { Shares } from '../traffic/resource-gauges.js';
import { TaskEventsController } from './task-events.controller.js';
import { TaskListController } from './task-list.controller.js';
import { TaskListService } from './task-list.service.js';
import { TaskWishController } from './task-actions.controller.js';
import { TaskWishService } from './task-actions.service.js';
import { TaskController } from './task.controller.js';
import { TaskService } from './task.service.js';

/** GET and POST /mj/task/*. */
@Module({
  controllers: [TaskController, TaskEventsController, TaskListController, TaskWishController],
  providers: [ListAnswers, TaskListService, TaskService, TaskWishService],
})
export class TaskModule {
  constructor(watch: TaskWatch, shares: Shares) {
    shares.add({ name: 'waits', limit: null, used: () => watch.seatsTaken });
  }
}
