import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { callerOf } from '../http/key-check/caller.decorator.js';
import { preferredWait } from '../http/headers/prefer.js';
import { ListAnswers } from './list-answers.js';
import { readWait, WAIT_QUERY } from './task-fetch.query.js';
import { ListByConditionDto, TaskDto } from './task.dto.js';
import { TaskService } from './task.service.js';

const FETCH_HEADERS = {
  ETag: { description: 'Names this version of the object; for `If-None-Match`.', schema: { type: 'string' } },
  'Retry-After': {
    description: 'While it has not ended: seconds after which a fetch may bring news.',
    schema: { type: 'integer' },
  },
  'Preference-Applied': { description: '`wait=N`, where it was.', schema: { type: 'string' } },
} as const;

/** What is true of every list of a key. */
const LIST_LIMITS =
  'Long answers come in pieces, as fast as they are read; one that cannot be finished ends its connection. Of a key 8 ' +
  'lists are answered at a time, and 100 wait for up to 5 s; further ones are answered 429.';

interface FetchRoute {
  Params: { id: string };
  Querystring: Readonly<Record<string, unknown>>;
}

@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TaskController {
  constructor(
    private readonly tasks: TaskService,
    private readonly lists: ListAnswers,
  ) {}

  /** The most frequent route. It reads its parameters itself: Nest's parameter pipes cost more CPU than reading the task. */
  @Get(':id/fetch')
  @ApiOperation({
    operationId: 'fetchTask',
    summary: 'How a task stands',
    description:
      'With `?wait=N` or `Prefer: wait=N` it is answered when the task differs from what `If-None-Match` names, without ' +
      'that header at its next change, and after N seconds as it stands then. A task that has ended is answered at once; ' +
      'so is everything while 100 requests of a key wait.',
  })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`wait=N`, N from 1 to 60 seconds',
    schema: { type: 'string', pattern: '^wait=([1-9]|[1-5]\\d|60)$', example: 'wait=30' },
  })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The `ETag` of what the client has.' })
  @ApiQuery(WAIT_QUERY)
  @ApiParam({ name: 'id', schema: { type: 'string', example: '6237012345678901' } })
  @ApiOkResponse({ type: TaskDto, headers: FETCH_HEADERS })
  @ApiResponse({ status: 304, description: 'It is still what `If-None-Match` names', headers: FETCH_HEADERS })
  @ApiMjErrors(400, 401, 503)
  async fetch(@Req() request: FastifyRequest<FetchRoute>, @Res() reply: FastifyReply): Promise<void> {
    const { params, query, headers, linkBase } = request;
    const asked = readWait(query);
    const preferred = asked === null ? preferredWait(headers) : null;
    const { view, etag, retryAfter, hasWaited } = await this.tasks.fetch({
      id: params.id,
      apiKeyId: callerOf(request).id,
      linkBase,
      waitSeconds: asked ?? preferred,
      ifNoneMatch: headers['if-none-match'],
      life: request.life,
    });
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
    if (preferred !== null && hasWaited) void reply.header('preference-applied', `wait=${preferred}`);
    if (view === null) void reply.status(304).send();
    else void reply.send(view);
  }

  @Post('list-by-condition')
  @HttpCode(200)
  @ApiOperation({ operationId: 'listTasksByIds', summary: 'Several tasks at once', description: LIST_LIMITS })
  @ApiOkResponse({ type: [TaskDto] })
  @ApiMjErrors(400, 401, 413, 415, 429, 503)
  async list(
    @Body() { ids }: ListByConditionDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.lists.send(request, reply, (call) => this.tasks.list(ids ?? [], call));
  }

  @Post('list-by-ids')
  @HttpCode(200)
  @ApiOperation({ operationId: 'listTasksByIdsAlias', summary: 'The same under the name that some servers have' })
  @ApiOkResponse({ type: [TaskDto] })
  @ApiMjErrors(400, 401, 413, 415, 429, 503)
  listByIds(
    @Body() body: ListByConditionDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.list(body, request, reply);
  }
}
