import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ApiKey } from '#libs/access';
import { Database } from '#libs/database';
import { PublicTasks, TaskViews, TaskWatch } from '#libs/tracking';
import { parseTaskId } from '#libs/wire';
import { ApiMjErrors } from '../../http/documentation/api-errors.decorator.js';
import { MjError } from '../../http/errors/mj-error.js';
import { LinkBase } from '../../http/headers/link-base.decorator.js';
import { Caller } from '../../http/key-check/caller.decorator.js';
import { ReadPermits } from '../../traffic/read-permits.js';
import { answerStream } from '../stream-answer.js';
import { tasksStream, type TasksSource } from './tasks-stream.js';

const MOST_IDS = 200;

/** Many tasks of a key in one stream. */
@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TasksEventsController {
  constructor(
    private readonly tasks: PublicTasks,
    private readonly watch: TaskWatch,
    private readonly views: TaskViews,
    private readonly permits: ReadPermits,
    private readonly database: Database,
  ) {}

  @Get('events')
  @ApiOperation({
    operationId: 'watchTasks',
    summary: 'Many tasks as server-sent events',
    description:
      'With `ids`: those tasks, until the last of them has ended; an event `end` says so, and a reader that comes back by ' +
      'itself is to be closed then. Without: all unfinished tasks of the key and those opened later, by whatever program; it ' +
      'never ends. Each `data` is the object that fetch gives, each `id` is `<taskId>-<version>`. The newest of each task is ' +
      'sent first, again on every connection: `Last-Event-ID` names one task only, and is not looked at. Versions in between ' +
      'may be left out; `queuePosition` is refreshed every few seconds. Unknown ids are left out. Comments keep the ' +
      'connection alive every 15 s. It takes one of the 100 streams and waits of a key. An event `error`, whose data is an ' +
      'error as any, ends the stream of a key that may not watch any more.',
  })
  @ApiQuery({
    name: 'ids',
    required: false,
    description: `Ids parted by commas, at most ${MOST_IDS}.`,
    schema: { type: 'string' },
    example: '6237012345678901,6237012345678902',
  })
  @ApiOkResponse({
    description: 'The stream',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'retry: 3000\n\nid: 6237012345678901-3\ndata: {"id":"6237012345678901","status":"IN_PROGRESS","progress":"65%"}\n\n',
      },
    },
  })
  @ApiMjErrors(400, 401, 429, 503)
  async events(
    @Query('ids') text: unknown,
    @Caller() { id: apiKeyId }: ApiKey,
    @LinkBase() linkBase: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const ids = readIds(text);
    const { life } = reply.request;
    const { signal } = life;
    const { watch, views } = this;
    const since = this.database.now();
    const newcomers = (): Promise<string[]> =>
      this.permits.piece(apiKeyId, () => this.tasks.newcomers(apiKeyId, since, signal), signal, false);
    const read: TasksSource['read'] = (wanted) =>
      this.permits.piece(apiKeyId, () => this.tasks.findMany(wanted, apiKeyId, signal), signal, false);
    // While the database is away no stream begins.
    if (ids !== null) await read(ids.slice(0, 1));
    const first = ids ?? (await newcomers());
    const open = (): ReturnType<typeof tasksStream> =>
      tasksStream({
        first,
        newcomers: ids === null ? newcomers : null,
        linkBase,
        read,
        watch,
        views,
        signal,
        refusal: () => life.refusal,
      });
    answerStream(reply, { watch, apiKeyId, open });
  }
}

/** The ids of a query, each once, without those that can be none; null where none are asked for. @throws MjError */
function readIds(text: unknown): string[] | null {
  if (text === undefined || text === '') return null;
  if (typeof text !== 'string') throw new MjError('bind_request_body_failed', { properties: { field: 'ids' } });
  const given = text.split(',');
  if (given.length > MOST_IDS) throw new MjError('too_many_ids', { properties: { field: 'ids' } });
  return [...new Set(given.map((id) => parseTaskId(id.trim())).filter((id) => id !== null))];
}
