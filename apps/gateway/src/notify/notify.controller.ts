import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TaskPush } from '#libs/tracking';
import { SUBMIT_CODE } from '#libs/wire';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { MjError } from '../http/errors/mj-error.js';
import { Public } from '../http/routes/route-access.js';
import { PushReplyDto } from './notify.dto.js';

/**
 * Receives pushes of upstreams. Any JSON counts as a hint to poll the task, so no DTO validates it; a body that is no JSON is
 * refused, which loses nothing, as every task is polled anyway.
 */
@ApiTags('upstream')
@Controller('mj/notify')
export class NotifyController {
  constructor(private readonly pushes: TaskPush) {}

  @Post(':token')
  @Public()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'pushTask',
    summary: 'What upstreams are given as notifyHook: has the task of the token asked for at once',
  })
  @ApiParam({
    name: 'token',
    description: 'Of the URL that the upstream was given.',
    example: '3q2-7wAAAAAAAAAAAAAAAA',
  })
  @ApiBody({
    required: false,
    description: 'Any JSON; usually the task as the upstream has it.',
    schema: { example: { id: '1712345678901234', status: 'SUCCESS', progress: '100%' } },
  })
  @ApiOkResponse({ description: 'It was heard', type: PushReplyDto })
  @ApiMjErrors(400, 404, 413, 415)
  push(@Param('token') token: string, @Req() request: FastifyRequest): PushReplyDto {
    if (!this.pushes.receive(token, request.body)) throw new MjError('not_found');
    return { code: SUBMIT_CODE.ACCEPTED, description: '', result: null };
  }
}
