import { TaskViews, type Task } from '#libs/tracking';
import { Body, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { LinkBase } from '../../http/headers/link-base.decorator.js';
import { sendPieces } from '../../http/answers/pieced-answer.js';
import { Call, type AdminCall } from '../admin-call.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { AdminTaskDto, AdminTaskPageDto, FailTaskDto, RefundTaskDto, TaskDossierDto } from './admin-task.dto.js';
import { AdminTaskQuery, StatsQuery } from './admin-task.query.dto.js';
import { AdminTaskService } from './admin-task.service.js';
import { toAdminTask } from './admin-task.view.js';
import { StatsDto } from './stats.dto.js';
import { TaskDetails } from './task-details.js';
import { TaskNameReads } from './task-names.js';
import { TaskSearch } from './task-search.js';

@AdminRoutes('tasks', 'tasks')
export class AdminTaskController {
  constructor(
    private readonly search: TaskSearch,
    private readonly dossiers: TaskDetails,
    private readonly service: AdminTaskService,
    private readonly views: TaskViews,
    private readonly names: TaskNameReads,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'adminListTasks',
    summary: 'Tasks of all keys, newest first',
    description:
      'In pages: pass `nextCursor` on as `cursor`, with the same filters, until it is null. A search that takes longer ' +
      'than 5 s is answered 503 `question_too_slow`: narrow it with `from`, `to` or `keyId`.',
  })
  @ApiOkResponse({ type: AdminTaskPageDto })
  @ApiProblems(400)
  async list(@Query() query: AdminTaskQuery, @LinkBase() linkBase: string, @Res() reply: FastifyReply): Promise<void> {
    await sendPieces(
      reply,
      this.search.page(query, (task, names) => toAdminTask(task, { names, views: this.views, linkBase })),
    );
  }

  @Get(':id')
  @ApiOperation({ operationId: 'adminGetTask', summary: 'A task with its timeline, its hook and its credits' })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiOkResponse({ type: TaskDossierDto })
  @ApiProblems(404)
  get(@Param('id') id: string, @LinkBase() linkBase: string): Promise<TaskDossierDto> {
    return this.dossiers.read(id, linkBase);
  }

  @Post(':id/fail')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminFailTask',
    summary: 'End a task in FAILURE, refunded',
    description: 'Its client reads the reason, and its hook is called. Its upstream is not asked to stop.',
  })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiOkResponse({ type: AdminTaskDto })
  @ApiProblems(400, 404, 409, 413, 415)
  async fail(
    @Param('id') id: string,
    @Body() { reason }: FailTaskDto,
    @Call() call: AdminCall,
    @LinkBase() linkBase: string,
  ): Promise<AdminTaskDto> {
    const { id: known } = await this.dossiers.find(id);
    return this.shown(await this.service.fail(known, reason, call), linkBase);
  }

  @Post(':id/refund')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminRefundTask',
    summary: 'Give the credits of a task back',
    description: 'Whatever its status; it changes nothing else of it, and no hook is called. A second time is 409.',
  })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiOkResponse({ type: AdminTaskDto })
  @ApiProblems(400, 404, 409, 413, 415)
  async refund(
    @Param('id') id: string,
    @Body() { note }: RefundTaskDto,
    @Call() call: AdminCall,
    @LinkBase() linkBase: string,
  ): Promise<AdminTaskDto> {
    const { id: known } = await this.dossiers.find(id);
    return this.shown(await this.service.refund(known, note, call), linkBase);
  }

  private async shown(task: Task, linkBase: string): Promise<AdminTaskDto> {
    return toAdminTask(task, { names: await this.names.of([task]), views: this.views, linkBase });
  }
}

@AdminRoutes('stats', 'tasks')
export class StatsController {
  constructor(private readonly service: AdminTaskService) {}

  @Get()
  @ApiOperation({
    operationId: 'adminGetStats',
    summary: 'What became of the tasks of a time',
    description: 'Of the tasks that were submitted from `from` to before `to`; by default the last 24 hours.',
  })
  @ApiOkResponse({ type: StatsDto })
  @ApiProblems(400)
  stats(@Query() query: StatsQuery, @Req() { life }: FastifyRequest): Promise<StatsDto> {
    return this.service.stats(query, life.signal);
  }
}
