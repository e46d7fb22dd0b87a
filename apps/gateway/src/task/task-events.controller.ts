import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ApiKey } from '#libs/access';
import { TaskViews, TaskWatch } from '#libs/tracking';
import { isTerminal } from '#libs/wire';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { Caller } from '../http/key-check/caller.decorator.js';
import type { MjError } from '../http/errors/mj-error.js';
import { LinkBase } from '../http/headers/link-base.decorator.js';
import { answerStream } from './stream-answer.js';
import { readLastEventId, taskStream } from './task-stream.js';
import { TaskService } from './task.service.js';

@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TaskEventsController {
  constructor(
    private readonly tasks: TaskService,
    private readonly watch: TaskWatch,
    private readonly views: TaskViews,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    operationId: 'watchTask',
    summary: 'A task as server-sent events, until it ends',
    description:
      'Each `data` is the object that fetch gives, each `id` its version. The newest is sent at once, except one that ' +
      '`Last-Event-ID` names. Versions in between may be left out. Comments keep the connection alive every 15 s. ' +
      'Watching never changes a task. A key has at most 100 streams and waits. An event `error`, whose data is an error as ' +
      'any, ends the stream of a key that may not watch any more.',
  })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last `id` that came, to resume.',
    example: '3',
  })
  @ApiOkResponse({
    description: 'The stream; it ends after the event in which the task has ended',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'retry: 3000\n\nid: 3\ndata: {"id":"6237012345678901","status":"IN_PROGRESS","progress":"65%"}\n\n',
      },
    },
  })
  @ApiResponse({ status: 204, description: 'The task has ended, and `Last-Event-ID` names that end: do not come back' })
  @ApiMjErrors(400, 401, 429, 503)
  async events(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() key: ApiKey,
    @LinkBase() linkBase: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const task = await this.tasks.find(id, key.id);
    const lastVersion = readLastEventId(lastEventId);
    // Readers of event streams come back after every end but this.
    if (isTerminal(task.status) && lastVersion === task.version) return void reply.status(204).send();
    const { watch, views } = this;
    const { life } = reply.request;
    const { signal } = life;
    const find = (): ReturnType<TaskService['find']> => this.tasks.find(id, key.id);
    const refusal = (): MjError | null => life.refusal;
    answerStream(reply, {
      watch,
      apiKeyId: key.id,
      open: () => taskStream({ task, lastVersion, linkBase, find, watch, views, signal, refusal }),
    });
  }
}
