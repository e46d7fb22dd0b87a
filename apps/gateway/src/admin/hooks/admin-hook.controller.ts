import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { Problem } from '../../http/errors/problem.js';
import { TakesNoBody } from '../../http/routes/route-access.js';
import { Call, type AdminCall } from '../admin-call.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { HookDossierDto, HookPageDto, HookQuery, ReplayDto, ReplayedDto } from './admin-hook.dto.js';
import { HookReads } from './hook-reads.js';
import { HookResends } from './hook-resends.js';

@AdminRoutes('hooks', 'hooks')
export class AdminHookController {
  constructor(
    private readonly reads: HookReads,
    private readonly resends: HookResends,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'adminListHooks', summary: 'Hooks of all keys, newest first' })
  @ApiOkResponse({ type: HookPageDto })
  @ApiProblems(400)
  list(@Query() query: HookQuery): Promise<HookPageDto> {
    return this.reads.page(query);
  }

  @Post('replay')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminReplayHooks',
    summary: 'Tell ends of tasks again',
    description:
      'Makes the hooks that tell of the end of a task, and were last tried within the time, due now, whatever became of ' +
      'them. They keep their `webhook-id`. What is due already or being sent does not count, so that calling twice does ' +
      'no harm; at most 10,000 at once.',
  })
  @ApiOkResponse({ type: ReplayedDto })
  @ApiProblems(400, 413, 415)
  replay(@Body() body: ReplayDto, @Call() call: AdminCall): Promise<ReplayedDto> {
    return this.resends.replay(body, call);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'adminGetHook', summary: 'A hook with its tries', description: 'Its id is the task’s.' })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiOkResponse({ type: HookDossierDto })
  @ApiProblems(404)
  async get(@Param('id') id: string): Promise<HookDossierDto> {
    const hook = await this.reads.find(hookId(id));
    if (hook === null) throw new Problem('not_found', 'No such hook');
    return hook;
  }

  @Post(':id/resend')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'adminResendHook',
    summary: 'Tell a receiver again',
    description:
      'Makes the newest thing it was told due now, with the same `webhook-id`, and begins its schedule anew.',
  })
  @ApiParam({ name: 'id', example: '6237012345678901' })
  @ApiOkResponse({ type: HookDossierDto })
  @ApiProblems(404)
  async resend(@Param('id') id: string, @Call() call: AdminCall): Promise<HookDossierDto> {
    await this.resends.resend(hookId(id), call);
    return this.get(id);
  }
}

function hookId(id: string): string {
  if (!/^\d{1,18}$/.test(id)) throw new Problem('not_found', 'No such hook');
  return id;
}
