import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ApiKey } from '#libs/access';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { Caller } from '../http/key-check/caller.decorator.js';
import { TakesNoBody } from '../http/routes/route-access.js';
import { TaskWishReplyDto } from './task-actions.dto.js';
import { TaskActionsService, type ActionAnswer } from './task-actions.service.js';

@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@ApiParam({ name: 'id', example: '6237012345678901' })
@Controller('mj/task')
export class TaskActionsController {
  constructor(private readonly actions: TaskActionsService) {}

  @Get(':id/image-seed')
  @ApiOperation({
    operationId: 'getSeed',
    summary: 'The seed of a finished task',
    description: 'Asked from the upstream once, which takes up to 30 s; then kept.',
  })
  @ApiOkResponse({
    description: 'Code 1 with the seed, or code 9 with the words of the upstream that gave none',
    type: TaskWishReplyDto,
    examples: {
      seed: { summary: 'The seed', value: { code: 1, description: '', result: '1234567890' } },
      none: { summary: 'None', value: { code: 9, description: 'The upstream gave no seed', result: null } },
    },
  })
  @ApiMjErrors(400, 401, 503)
  @ApiResponse({
    status: 502,
    description: 'Code 5: the upstream could not be reached or understood',
    type: TaskWishReplyDto,
    example: { code: 5, description: 'upstream_unreachable', result: null },
  })
  async seed(
    @Param('id') id: string,
    @Caller() key: ApiKey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskWishReplyDto> {
    return written(reply, await this.actions.seed(id, key.id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'cancelTask',
    summary: 'Cancels a task',
    description:
      'A task that waits, and a window, are cancelled at once and refunded. One that its upstream works at is cancelled ' +
      'there: it reads CANCEL once the upstream has stopped, and is refunded if nothing had begun. One that succeeds ' +
      'all the same is a SUCCESS. While a task is being sent: `cancel_not_supported` with `Retry-After`.',
  })
  @ApiOkResponse({
    type: TaskWishReplyDto,
    example: { code: 1, description: 'Submit success', result: '6237012345678901' },
  })
  @ApiMjErrors(400, 401, 503)
  async cancel(
    @Param('id') id: string,
    @Caller() key: ApiKey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskWishReplyDto> {
    return written(reply, await this.actions.cancel(id, key.id));
  }
}

function written(reply: FastifyReply, { status, body }: ActionAnswer): TaskWishReplyDto {
  void reply.status(status);
  return body;
}
