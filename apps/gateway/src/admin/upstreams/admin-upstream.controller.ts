import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { TakesNoBody } from '../../http/routes/route-access.js';
import { Call, type AdminCall } from '../admin-call.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { AdminUpstreamDto, CreatedUpstreamDto, UpstreamPageDto, UpstreamTestDto } from './admin-upstream.dto.js';
import { AdminUpstreamService } from './admin-upstream.service.js';
import { CreateUpstreamDto, PatchUpstreamDto, UpstreamQuery } from './upstream-terms.dto.js';

@AdminRoutes('upstreams', 'upstreams')
export class AdminUpstreamController {
  constructor(private readonly upstreams: AdminUpstreamService) {}

  @Post()
  @ApiOperation({
    operationId: 'adminCreateUpstream',
    summary: 'Add an upstream',
    description:
      'Every replica sends work there within 2 s. Its secret and its proxy are kept encrypted and never shown. It is asked ' +
      'something harmless, for 3 s at most, to tell where it redirects.',
  })
  @ApiCreatedResponse({ type: CreatedUpstreamDto })
  @ApiProblems(400, 409, 413, 415)
  create(@Body() body: CreateUpstreamDto, @Call() call: AdminCall): Promise<CreatedUpstreamDto> {
    return this.upstreams.create(body, call);
  }

  @Get()
  @ApiOperation({ operationId: 'adminListUpstreams', summary: 'All upstreams and how they stand, oldest first' })
  @ApiOkResponse({ type: UpstreamPageDto })
  @ApiProblems(400)
  list(@Query() query: UpstreamQuery): Promise<UpstreamPageDto> {
    return this.upstreams.page(query);
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminTryUpstream',
    summary: 'Ask an upstream something harmless before it is added',
    description:
      'The body is that of adding it, and is judged by the same rules; nothing is stored. 200 also where it fails: `ok` and ' +
      '`error` tell, within 10 s.',
  })
  @ApiOkResponse({ type: UpstreamTestDto })
  @ApiProblems(400, 413, 415)
  tryOut(@Body() body: CreateUpstreamDto): Promise<UpstreamTestDto> {
    return this.upstreams.tryOut(body);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'adminGetUpstream', summary: 'An upstream and how it stands' })
  @ApiParam({ name: 'id', example: '1' })
  @ApiOkResponse({ type: AdminUpstreamDto })
  @ApiProblems(404)
  get(@Param('id') id: string): Promise<AdminUpstreamDto> {
    return this.upstreams.find(id);
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'adminChangeUpstream',
    summary: 'Change an upstream',
    description:
      'What is left out stays. A retired one cannot be changed (409). One that is misconfigured is tried again at once.',
  })
  @ApiParam({ name: 'id', example: '1' })
  @ApiOkResponse({ type: AdminUpstreamDto })
  @ApiProblems(400, 404, 409, 413, 415)
  change(@Param('id') id: string, @Body() body: PatchUpstreamDto, @Call() call: AdminCall): Promise<AdminUpstreamDto> {
    return this.upstreams.change(id, body, call);
  }

  @Delete(':id')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'adminRetireUpstream',
    summary: 'Retire an upstream',
    description: 'It gets no work any more; its row stays, and its tasks are followed to their end.',
  })
  @ApiParam({ name: 'id', example: '1' })
  @ApiOkResponse({ type: AdminUpstreamDto })
  @ApiProblems(404)
  retire(@Param('id') id: string, @Call() call: AdminCall): Promise<AdminUpstreamDto> {
    return this.upstreams.retire(id, call);
  }

  @Post(':id/test')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'adminTestUpstream',
    summary: 'Ask an upstream something harmless',
    description:
      'Whatever its circuit says. 200 also where it fails: `ok` and `error` tell. Says also what is left of your account, and ' +
      'whether it can fetch pictures from PUBLIC_URL.',
  })
  @ApiParam({ name: 'id', example: '1' })
  @ApiOkResponse({ type: UpstreamTestDto })
  @ApiProblems(404)
  test(@Param('id') id: string): Promise<UpstreamTestDto> {
    return this.upstreams.test(id);
  }
}
