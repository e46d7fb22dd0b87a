import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { ListAnswers } from './list-answers.js';
import { TaskListService } from './task-list.service.js';
import { TaskPageDto, TaskPageQuery } from './task-page.dto.js';
import { TaskDto } from './task.dto.js';

@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TaskListController {
  constructor(
    private readonly lists: TaskListService,
    private readonly answers: ListAnswers,
  ) {}

  @Get('list')
  @ApiOperation({
    operationId: 'listTasks',
    summary: "This key's tasks, newest first",
    description:
      'Without `limit` and `cursor` an array of the newest 100; with either a page: pass `nextCursor` on as `cursor`, with ' +
      'the same filters, until it is null. For one answer at most 50,000 tasks are looked at, so that a filter that few of ' +
      'them pass may make it shorter than `limit`, or empty, while `nextCursor` leads on. By `state`, by `parentId`, and by a ' +
      '`status` other than SUCCESS, tasks are found without such a walk.',
  })
  @ApiExtraModels(TaskDto, TaskPageDto)
  @ApiOkResponse({
    description: 'An array without `limit` and `cursor`, a page with either.',
    schema: {
      oneOf: [{ type: 'array', items: { $ref: getSchemaPath(TaskDto) } }, { $ref: getSchemaPath(TaskPageDto) }],
    },
  })
  @ApiMjErrors(400, 401, 429, 503)
  async list(@Query() query: TaskPageQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answers.send(request, reply, (call) => this.lists.page(query, call));
  }

  @Get('queue')
  @ApiOperation({
    operationId: 'listUnfinishedTasks',
    summary: "This key's unfinished tasks, oldest first; at most 1,000",
  })
  @ApiOkResponse({ type: [TaskDto] })
  @ApiMjErrors(401, 429, 503)
  async queue(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answers.send(request, reply, (call) => this.lists.queue(call));
  }
}
