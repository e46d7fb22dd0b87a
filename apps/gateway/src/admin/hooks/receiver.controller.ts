import { Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { ReceiverPageDto, ReceiverQuery } from './receiver.dto.js';
import { ReceiverReads } from './receiver-reads.js';

@AdminRoutes('receivers', 'hooks')
export class ReceiverController {
  constructor(private readonly receivers: ReceiverReads) {}

  @Get()
  @ApiOperation({
    operationId: 'adminListReceivers',
    summary: 'Receivers of hooks and how they stand, by host',
    description: 'What one has missed is told again by POST /admin/hooks/replay with its `host` and `since`.',
  })
  @ApiOkResponse({ type: ReceiverPageDto })
  @ApiProblems(400)
  list(@Query() query: ReceiverQuery, @Req() { life }: FastifyRequest): Promise<ReceiverPageDto> {
    return this.receivers.page(query, life.signal);
  }
}
