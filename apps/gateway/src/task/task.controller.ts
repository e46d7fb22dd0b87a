import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { ApiKey } from '#libs/access';
import type { TaskView } from '#libs/wire';
import { ApiMjErrors } from '../http/api-errors.decorator.js';
import { Caller } from '../http/caller.decorator.js';
import { LinkBase } from '../http/link-base.decorator.js';
import { ListByConditionDto, TaskDto } from './task.dto.js';
import { TaskService } from './task.service.js';

@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TaskController {
  constructor(private readonly tasks: TaskService) {}

  @Get(':id/fetch')
  @ApiOperation({ operationId: 'fetchTask', summary: 'How a task stands' })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiOkResponse({ type: TaskDto })
  @ApiMjErrors(400, 401, 503)
  fetch(@Param('id') id: string, @Caller() key: ApiKey, @LinkBase() base: string): Promise<TaskView> {
    return this.tasks.fetch(id, key.id, base);
  }

  @Post('list-by-condition')
  @HttpCode(200)
  @ApiOperation({ operationId: 'listTasksByIds', summary: 'Several tasks at once' })
  @ApiOkResponse({ type: [TaskDto] })
  @ApiMjErrors(400, 401, 413, 415, 503)
  list(@Body() { ids }: ListByConditionDto, @Caller() key: ApiKey, @LinkBase() base: string): Promise<TaskView[]> {
    return this.tasks.list(ids ?? [], key.id, base);
  }

  @Post('list-by-ids')
  @HttpCode(200)
  @ApiOperation({ operationId: 'listTasksByIdsAlias', summary: 'The same under the name that some servers have' })
  @ApiOkResponse({ type: [TaskDto] })
  @ApiMjErrors(400, 401, 413, 415, 503)
  listByIds(@Body() body: ListByConditionDto, @Caller() key: ApiKey, @LinkBase() base: string): Promise<TaskView[]> {
    return this.list(body, key, base);
  }
}
