import { Body, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Call, type AdminCall } from '../../admin/admin-call.js';
import { AdminRoutes } from '../../admin/admin-routes.decorator.js';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { TakesNoBody } from '../../http/routes/route-access.js';
import { AdminSessionService } from './admin-session.service.js';
import { CreateTicketDto, ListedSessionDto, SessionPageDto, SessionQuery, TicketDto } from './session.dto.js';

@AdminRoutes('sessions', 'sessions')
export class AdminSessionController {
  constructor(private readonly sessions: AdminSessionService) {}

  @Get()
  @ApiOperation({
    operationId: 'adminListSessions',
    summary: 'Who is signed in to Studio, newest first',
    description: 'Sessions that have ended stay in the list for a week.',
  })
  @ApiOkResponse({ type: SessionPageDto })
  @ApiProblems(400)
  list(@Query() query: SessionQuery, @Req() request: FastifyRequest): Promise<SessionPageDto> {
    return this.sessions.page(query, request);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'adminRevokeSession',
    summary: 'End a session for good',
    description: 'Its requests are 401 within 10 s, and streams that are open end. Its key goes on.',
  })
  @ApiParam({ name: 'id', example: '7' })
  @ApiOkResponse({ type: ListedSessionDto })
  @ApiProblems(403, 404)
  revoke(@Param('id') id: string, @Req() request: FastifyRequest, @Call() call: AdminCall): Promise<ListedSessionDto> {
    return this.sessions.revoke(id, request, call);
  }
}

@AdminRoutes('studio-tickets', 'sessions')
export class StudioTicketController {
  constructor(private readonly sessions: AdminSessionService) {}

  @Post()
  @ApiOperation({
    operationId: 'adminCreateStudioTicket',
    summary: 'Make a link that signs somebody in to Studio',
    description: 'As admin, once, within ten minutes. It takes ADMIN_KEY itself; a session of Studio makes none.',
  })
  @ApiCreatedResponse({ type: TicketDto })
  @ApiProblems(400, 403, 413, 415)
  create(@Body() body: CreateTicketDto, @Req() request: FastifyRequest, @Call() call: AdminCall): Promise<TicketDto> {
    return this.sessions.createTicket(body, request, call);
  }
}
