import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { ApiKey } from '#libs/access';
import type { TaskView } from '#libs/wire';
import { ApiMjErrors } from '../http/api-errors.decorator.js';
import { Caller } from '../http/caller.decorator.js';
import { LinkBase } from '../http/link-base.decorator.js';
import { TaskListService } from './task-list.service.js';
import { TaskPageDto, TaskPageQuery } from './task-page.dto.js';
import { TaskDto } from './task.dto.js';

@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TaskListController {
  constructor(private readonly lists: TaskListService) {}

  @Get('list')
  @ApiOperation({
    operationId: 'listTasks',
    summary: "This key's tasks, newest first",
    description: 'In pages: pass `nextCursor` on as `cursor`, with the same filters, until it is null.',
  })
  @ApiOkResponse({ type: TaskPageDto })
  @ApiMjErrors(400, 401, 503)
  list(@Query() query: TaskPageQuery, @Caller() key: ApiKey, @LinkBase() base: string): Promise<TaskPageDto> {
    return this.lists.page(query, key.id, base);
  }

  @Get('queue')
  @ApiOperation({
    operationId: 'listUnfinishedTasks',
    summary: "This key's unfinished tasks, oldest first; at most 1,000",
  })
  @ApiOkResponse({ type: [TaskDto] })
  @ApiMjErrors(401, 503)
  queue(@Caller() key: ApiKey, @LinkBase() base: string): Promise<TaskView[]> {
    return this.lists.queue(key.id, base);
  }
}
